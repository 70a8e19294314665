// What a session answers, in whichever order things come: the host here does no work.
#include "lsp/session.h"

#include "migrate/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace ssot {
namespace {

using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

constexpr char kFile[] = "/project/a.cpp";
constexpr char kUri[] = "file:///project/a.cpp";

class RecordingHost : public EditorHost {
public:
  void send(Object message) override { sent.push_back(std::move(message)); }
  std::string enter(const std::string &root) override {
    entered = root;
    return refusesRoot;
  }
  void start(const EditorJob &job) override { started.push_back(job.fix ? job.fix->fingerprint : "analysis"); }
  void stop() override { ++stops; }
  std::optional<std::string> read(const std::string &path) override {
    auto file = files.find(path);
    return file == files.end() ? std::nullopt : std::optional(file->second);
  }

  std::vector<Object> sent;
  std::vector<std::string> started;
  std::map<std::string, std::string> files{{kFile, "old();\n"}};
  std::string entered, refusesRoot;
  int stops = 0;
};

class SessionTest : public testing::Test {
protected:
  void say(const Value &message) {
    std::string text;
    llvm::raw_string_ostream(text) << message;
    session.receive({text, ""});
  }
  void ask(int id, llvm::StringRef method, Object parameters = {}) {
    say(Object{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(parameters)}});
  }
  void tell(llvm::StringRef method, Object parameters = {}) {
    say(Object{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(parameters)}});
  }
  void begin(Object capabilities = {}) {
    ask(1, "initialize", Object{{"rootUri", "file:///project"}, {"capabilities", std::move(capabilities)}});
    tell("initialized");
    host.sent.clear();
  }
  void open(llvm::StringRef text, int version = 1) {
    tell("textDocument/didOpen", Object{{"textDocument", Object{{"uri", kUri}, {"version", version}, {"text", text}}}});
  }
  static Object fixableDiagnostic() {
    return Object{{"range", toJSON(EditorRange{{0, 0}, {0, 3}})},
                  {"code", "no-old"},
                  {"message", "old"},
                  {"data", Object{{"fingerprint", "f1"}, {"fixable", true}, {"canonical", "fresh"}}}};
  }
  void analysisFinds(Array diagnostics) {
    session.finished(Object{{"files", Object{{kUri, std::move(diagnostics)}}}, {"problem", ""}}, "");
  }
  void resolve(int id, llvm::StringRef fingerprint = "f1") {
    ask(id, "codeAction/resolve",
        Object{{"title", "Use fresh"}, {"data", Object{{"uri", kUri}, {"fingerprint", fingerprint}}}});
  }
  static Object proof(llvm::StringRef before = "old();\n") {
    Array edits{Object{{"range", toJSON(EditorRange{{0, 0}, {0, 3}})}, {"newText", "fresh"}}};
    return Object{{"files", Array{Object{{"uri", kUri}, {"digest", digest(before)}, {"edits", std::move(edits)}}}}};
  }

  std::int64_t errorCode() const {
    const Value *code = valueAt(host.sent.back(), {"error", "code"});
    return code ? code->getAsInteger().value_or(0) : 0;
  }
  std::string errorText() const { return textAt(host.sent.back(), {"error", "message"}).str(); }

  RecordingHost host;
  EditorSession session{host, "1.2.3"};
};

// --- beginning and end

TEST_F(SessionTest, AnswersNothingBeforeItIsInitialized) {
  ask(7, "textDocument/codeAction");
  EXPECT_EQ(errorCode(), -32002);
  tell("textDocument/didSave");
  EXPECT_TRUE(host.started.empty());
}

TEST_F(SessionTest, GoesToTheFolderThatTheClientNames) {
  ask(1, "initialize",
      Object{{"rootUri", "file:///other"}, {"workspaceFolders", Array{Object{{"uri", "file:///my%20project"}}}}});
  EXPECT_EQ(host.entered, "/my project");
  EXPECT_EQ(textAt(host.sent.back(), {"result", "capabilities", "positionEncoding"}), "utf-16");
}

TEST_F(SessionTest, CountsBytesWhenTheClientOffersIt) {
  ask(1, "initialize",
      Object{{"capabilities", Object{{"general", Object{{"positionEncodings", Array{"utf-16", "utf-8"}}}}}}});
  EXPECT_EQ(textAt(host.sent.back(), {"result", "capabilities", "positionEncoding"}), "utf-8");
}

TEST_F(SessionTest, RefusesASecondInitialize) {
  begin();
  ask(2, "initialize");
  EXPECT_EQ(errorCode(), -32600);
}

TEST_F(SessionTest, RefusesAFolderThatIsNotThere) {
  host.refusesRoot = "/project: not there";
  ask(1, "initialize", Object{{"rootUri", "file:///project"}});
  EXPECT_EQ(errorText(), "/project: not there");
}

TEST_F(SessionTest, EndsWellAfterShutdownOnly) {
  tell("exit");
  EXPECT_EQ(session.exitCode(), 1);
  RecordingHost other;
  EditorSession second(other, "");
  for (const char *message : {R"({"id":1,"method":"initialize"})", R"({"id":2,"method":"shutdown"})"})
    second.receive({message, ""});
  second.receive({R"({"id":3,"method":"textDocument/codeAction"})", ""});
  EXPECT_EQ(valueAt(other.sent.back(), {"error", "code"})->getAsInteger(), -32600);
  EXPECT_FALSE(second.exitCode());
  second.receive({R"({"method":"exit"})", ""});
  EXPECT_EQ(second.exitCode(), 0);
}

TEST_F(SessionTest, GoesOnAfterWhatItCannotRead) {
  for (const char *text : {"{", "[1]", "{\"id\":\"\xff\"}"}) {
    session.receive({text, ""});
    EXPECT_TRUE(errorCode() == -32700 || errorCode() == -32600) << text;
  }
  session.receive({"", "no length"});
  EXPECT_EQ(errorCode(), -32700);
  begin();
  ask(2, "no/such/method");
  EXPECT_EQ(errorCode(), -32601);
  std::size_t answers = host.sent.size();
  tell("no/such/notification");
  EXPECT_EQ(host.sent.size(), answers);
}

// --- analyses

TEST_F(SessionTest, AnalysesOnceForAllThatWasSavedMeanwhile) {
  begin();
  EXPECT_THAT(host.started, testing::ElementsAre("analysis"));
  tell("textDocument/didSave");
  tell("textDocument/didSave");
  tell("workspace/didChangeWatchedFiles");
  EXPECT_EQ(host.started.size(), 1U);
  analysisFinds(Array{});
  EXPECT_EQ(host.started.size(), 2U);
  analysisFinds(Array{});
  EXPECT_EQ(host.started.size(), 2U);
}

TEST_F(SessionTest, TellsOfChangesOnlyAndOfFilesThatAreCleanAgain) {
  begin();
  analysisFinds(Array{fixableDiagnostic()});
  ASSERT_EQ(host.sent.size(), 1U);
  tell("textDocument/didSave");
  analysisFinds(Array{fixableDiagnostic()});
  EXPECT_EQ(host.sent.size(), 1U);
  tell("textDocument/didSave");
  session.finished(Object{{"files", Object()}}, "");
  ASSERT_EQ(host.sent.size(), 2U);
  EXPECT_EQ(*valueAt(host.sent.back(), {"params", "diagnostics"}), Value(Array()));
}

TEST_F(SessionTest, UsesTheClientsSpellingOfAFile) {
  begin();
  analysisFinds(Array{fixableDiagnostic()});
  tell("textDocument/didOpen",
       Object{{"textDocument", Object{{"uri", "file:///project/%61.cpp"}, {"version", 1}, {"text", ""}}}});
  EXPECT_EQ(textAt(host.sent.back(), {"params", "uri"}), "file:///project/%61.cpp");
}

TEST_F(SessionTest, KeepsWhatIsKnownWhenAnAnalysisFails) {
  begin();
  analysisFinds(Array{fixableDiagnostic()});
  tell("textDocument/didSave");
  host.sent.clear();
  session.finished(Object{}, "crashed (signal 11, SIGSEGV)");
  for (const Object &message : host.sent)
    EXPECT_NE(message.getString("method"), "textDocument/publishDiagnostics");
  EXPECT_EQ(host.sent.front().getString("method"), "window/showMessage");
}

TEST_F(SessionTest, TellsAProblemOnce) {
  begin();
  auto shown = [&] {
    return std::count_if(host.sent.begin(), host.sent.end(),
                         [](const Object &each) { return each.getString("method") == "window/showMessage"; });
  };
  for (int i = 0; i < 3; ++i) {
    session.finished(Object{{"files", Object()}, {"problem", "no rules"}}, "");
    tell("textDocument/didSave");
  }
  EXPECT_EQ(shown(), 1);
  session.finished(Object{{"files", Object()}, {"problem", ""}}, "");
  tell("textDocument/didSave");
  session.finished(Object{{"files", Object()}, {"problem", "no rules"}}, "");
  EXPECT_EQ(shown(), 2);
}

TEST_F(SessionTest, ShowsProgressOnceTheClientHasAgreed) {
  ask(1, "initialize", Object{{"capabilities", Object{{"window", Object{{"workDoneProgress", true}}}}}});
  tell("initialized");
  ASSERT_EQ(host.sent.back().getString("method"), "window/workDoneProgress/create");
  say(Object{{"id", *host.sent.back().get("id")}, {"result", nullptr}});
  EXPECT_EQ(textAt(host.sent.back(), {"params", "value", "kind"}), "begin");
  analysisFinds(Array{});
  bool ended = std::any_of(host.sent.begin(), host.sent.end(),
                           [](const Object &each) { return textAt(each, {"params", "value", "kind"}) == "end"; });
  EXPECT_TRUE(ended);
}

// --- fixes

TEST_F(SessionTest, OffersFixesWhereTheCursorIs) {
  begin(Object{
      {"textDocument", Object{{"codeAction", Object{{"resolveSupport", Object{{"properties", Array{"edit"}}}}}}}}});
  analysisFinds(Array{fixableDiagnostic()});
  auto titles = [&](EditorRange range, Object context) {
    ask(5, "textDocument/codeAction",
        Object{{"textDocument", Object{{"uri", kUri}}}, {"range", toJSON(range)}, {"context", std::move(context)}});
    std::vector<std::string> titles;
    for (const Value &action : *host.sent.back().getArray("result"))
      titles.push_back(textAt(*action.getAsObject(), {"title"}).str());
    return titles;
  };
  const std::string one = "Use fresh [no-old]", all = "Fix everything in this file that ssot can prove",
                    more = "Fix everything in the project that ssot can prove";
  EXPECT_THAT(titles({{0, 1}, {0, 1}}, Object{}), testing::ElementsAre(one, all, more));
  EXPECT_THAT(titles({{3, 0}, {3, 0}}, Object{}), testing::ElementsAre(all, more));
  EXPECT_THAT(titles({{0, 1}, {0, 1}}, Object{{"only", Array{"quickfix"}}}), testing::ElementsAre(one));
  EXPECT_THAT(titles({{0, 1}, {0, 1}}, Object{{"only", Array{"source.fixAll"}}}), testing::ElementsAre(all));
  EXPECT_THAT(titles({{0, 1}, {0, 1}}, Object{{"only", Array{"refactor"}}}), testing::IsEmpty());
}

TEST_F(SessionTest, CompletesAnActionWithWhatWasProven) {
  begin(Object{{"workspace", Object{{"workspaceEdit", Object{{"documentChanges", true}}}}}});
  analysisFinds(Array{fixableDiagnostic()});
  open("old();\n", 4);
  resolve(9);
  EXPECT_EQ(host.started.back(), "f1");
  session.finished(proof(), "");
  const Array *changes = valueAt(host.sent.back(), {"result", "edit", "documentChanges"})->getAsArray();
  ASSERT_EQ(changes->size(), 1U);
  EXPECT_EQ(*valueAt(*changes->front().getAsObject(), {"textDocument", "version"}), Value(4));
  EXPECT_EQ(textAt(host.sent.back(), {"result", "title"}), "Use fresh");
}

TEST_F(SessionTest, EditsOpenFilesAndOthers) {
  begin(Object{{"workspace", Object{{"workspaceEdit", Object{{"documentChanges", true}}}}}});
  analysisFinds(Array{fixableDiagnostic()});
  open("old();\n", 4);
  host.files["/project/b.h"] = "old();\n";
  resolve(9);
  Object both = proof();
  Object other = *both.getArray("files")->front().getAsObject();
  other["uri"] = "file:///project/b.h";
  both.getArray("files")->push_back(std::move(other));
  session.finished(both, "");
  const Array *changes = valueAt(host.sent.back(), {"result", "edit", "documentChanges"})->getAsArray();
  ASSERT_EQ(changes->size(), 2U);
  EXPECT_EQ(*changes->back().getAsObject()->get("textDocument"),
            Value(Object{{"uri", "file:///project/b.h"}, {"version", nullptr}}));
}

TEST_F(SessionTest, ProvesOneFixAfterTheOtherAndBeforeAnAnalysis) {
  begin();
  resolve(9, "f1");
  resolve(10, "f2");
  tell("textDocument/didSave");
  analysisFinds(Array{});
  session.finished(proof(), "");
  session.finished(Object{{"refused", "no"}}, "");
  EXPECT_THAT(host.started, testing::ElementsAre("analysis", "f1", "f2", "analysis"));
  EXPECT_EQ(errorText(), "no");
}

TEST_F(SessionTest, RefusesToEditABufferThatIsNotSaved) {
  begin();
  analysisFinds(Array{});
  open("older();\n");
  resolve(9);
  EXPECT_EQ(errorText(), "a.cpp has unsaved changes; save it first: an edit is proven for the saved text");
  EXPECT_EQ(host.started.size(), 1U);
  tell("textDocument/didClose", Object{{"textDocument", Object{{"uri", kUri}}}});
  resolve(10);
  EXPECT_EQ(host.started.size(), 2U);
}

TEST_F(SessionTest, RefusesWhatWasTypedOrSavedDuringTheProof) {
  begin();
  analysisFinds(Array{});
  open("old();\n");
  resolve(9);
  tell("textDocument/didChange", Object{{"textDocument", Object{{"uri", kUri}, {"version", 2}}},
                                        {"contentChanges", Array{Object{{"text", "old(1);\n"}}}}});
  session.finished(proof(), "");
  EXPECT_THAT(errorText(), testing::HasSubstr("unsaved changes"));
  host.files[kFile] = "old(1);\n";
  resolve(10);
  host.files[kFile] = "old(2);\n";
  session.finished(proof("old(1);\n"), "");
  EXPECT_THAT(errorText(), testing::HasSubstr("was changed while the edit was proven"));
}

TEST_F(SessionTest, CancelsAFixThatWaitsAndOneThatIsProven) {
  begin();
  resolve(9, "f1");
  tell("$/cancelRequest", Object{{"id", 9}});
  EXPECT_EQ(errorCode(), -32800);
  EXPECT_EQ(host.stops, 0);
  analysisFinds(Array{});
  resolve(10, "f2");
  resolve(11, "f3");
  tell("$/cancelRequest", Object{{"id", 10}});
  EXPECT_EQ(errorCode(), -32800);
  EXPECT_EQ(host.stops, 1);
  EXPECT_THAT(host.started, testing::ElementsAre("analysis", "f2", "f3"));
  std::size_t answers = host.sent.size();
  tell("$/cancelRequest", Object{{"id", 10}}); // answered already
  EXPECT_EQ(host.sent.size(), answers);
}

TEST_F(SessionTest, SendsTheEditToAClientThatDoesNotResolve) {
  begin();
  analysisFinds(Array{fixableDiagnostic()});
  ask(5, "textDocument/codeAction",
      Object{{"textDocument", Object{{"uri", kUri}}}, {"range", toJSON(EditorRange{{0, 1}, {0, 1}})}});
  const Object &action = *host.sent.back().getArray("result")->front().getAsObject();
  ask(6, "workspace/executeCommand", *action.getObject("command"));
  session.finished(proof(), "");
  EXPECT_EQ(host.sent[host.sent.size() - 2].getString("method"), "workspace/applyEdit");
  EXPECT_EQ(*host.sent.back().get("result"), Value(nullptr));
}

TEST_F(SessionTest, AnswersEveryFixWhenItIsShutDown) {
  begin();
  resolve(9);
  resolve(10);
  ask(11, "shutdown");
  EXPECT_EQ(host.sent.size(), 3U);
  EXPECT_GE(host.stops, 1);
}

} // namespace
} // namespace ssot
