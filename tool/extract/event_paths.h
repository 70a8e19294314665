// extract/event_paths.h - the graph of the ways through one function: steps, scopes, and what a jump or an exception
// meets on its way out of them.
#pragma once

#include "extract/event_instances.h"
#include "extract/recorder.h"

#include <llvm/ADT/SmallPtrSet.h>

#include <map>
#include <optional>
#include <vector>

namespace ssot {

/// Builds an EventGraph from the front to the back. Whoever walks over the statements says what comes next.
class EventPaths {
public:
  EventPaths(const clang::FunctionDecl &function, Recorder &recorder, EventInstances &instances)
      : Function(function), Out(recorder), Made(instances), Context(function.getASTContext()) {}

protected:
  /// A function with more steps than this is not judged.
  static constexpr std::size_t kMaxNodes = 2000;
  static constexpr std::uint32_t kNowhere = ~0u;
  enum : std::uint32_t { kEntry, kReturn, kThrow };

  using Nodes = std::vector<std::uint32_t>;

  /// By which ways out of a scope something runs.
  enum class When { Always, Thrown, Returned };

  /// A destructor that runs when a scope is left.
  struct Cleanup {
    const clang::FunctionDecl *destructor; ///< or what else runs then
    bool hidden = false; ///< called by a class outside the project, which may or may not have an object
    When when = When::Always;
    bool maybe = false; ///< only on some ways
    StringId usr = 0;   ///< of an object whose members are known
  };

  struct Handler {
    clang::QualType type; ///< null: catches everything
    std::uint32_t entry;
  };

  /// Something that a jump or an exception passes on its way out.
  struct Frame {
    std::vector<Cleanup> cleanups; ///< of one object
    Place place;
    std::vector<Handler> handlers; ///< of a try block
    std::optional<Nodes> unwound;  ///< where any exception goes from here, once asked for
    unsigned number = 0;           ///< no other frame of the function has it
  };

  struct JumpTarget {
    std::uint32_t node;
    std::size_t depth;
  };

  /// Where a condition leaves off when it holds and when it does not; nowhere what constants rule out.
  struct Outcome {
    std::uint32_t yes, no;
  };

  void giveUp(llvm::StringRef why) {
    if (!Graph.unknown)
      Graph.unknown = Out.intern(why);
  }
  bool isFull() const { return Graph.nodes.size() > kMaxNodes; }

  /// The place comes by value: it may be that of a node, and nodes move when there is one more.
  std::uint32_t newNode(EventNodeKind kind, Place place);
  void connect(std::uint32_t from, std::uint32_t to);
  /// Goes on with a new node. \returns its number, or kNowhere where nothing is reached.
  std::uint32_t step(EventNodeKind kind, const Place &place);
  std::uint32_t step(EventNodeKind kind, clang::SourceLocation location) { return step(kind, placeOf(location)); }
  /// What the compiler adds, such as the parts of a range-for, stands nowhere: it is shown at the function.
  Place placeOf(clang::SourceLocation location) {
    return Out.anyToken(location.isValid() ? location : Function.getLocation());
  }
  std::uint32_t label() { return newNode(EventNodeKind::Pass, Graph.nodes[kEntry].place); }
  void name(std::uint32_t node, const clang::FunctionDecl &callee);

  /// Leaves all scopes above \p depth and goes to \p target.
  void jump(std::uint32_t target, std::size_t depth);
  /// A `goto`: the label may come later.
  void jumpTo(const clang::LabelDecl &label);
  void arriveAt(const clang::LabelDecl &label);
  void finishJumps();
  bool hasLabels() const { return !Labels.empty(); }

  /// Where an exception of unknown type goes from \p depth.
  Nodes unwound(std::size_t depth);
  /// Where an exception of a known type goes: past the handlers that do not take it.
  Nodes unwound(std::size_t depth, clang::QualType type);
  void mayThrow(std::uint32_t node);
  /// Something outside that may throw and emits nothing.
  void risk(clang::SourceLocation location);

  /// The destructors that the end of an object of this class runs, in order: its own, its members', its bases'.
  std::vector<Cleanup> cleanupsOf(clang::QualType type);
  std::vector<Cleanup> partsOf(const clang::CXXRecordDecl &record);
  /// How often an object of this type is made and destroyed: an array several times, where more than three say no more.
  std::size_t timesOf(clang::QualType type) const;
  /// The type of what an initialiser of a constructor makes: a base, a member, or, delegating, the whole object.
  clang::QualType madeBy(const clang::CXXCtorInitializer &initializer) const;
  /// The only enumerator of the value that the argument always has.
  const clang::EnumConstantDecl *constantEnumerator(const clang::Expr &argument) const;
  void destroy(const Cleanup &cleanup, const Place &place);
  void name(std::uint32_t node, const Cleanup &cleanup);
  void push(Frame frame);
  /// An object whose end runs destructors of the project.
  void guard(clang::QualType type, clang::SourceLocation location, When when = When::Always);
  void guard(const clang::CXXDestructorDecl &destructor, const GuardValues &values, clang::SourceLocation location);
  void guard(std::vector<Cleanup> cleanups, clang::SourceLocation location);
  /// Ends the scopes above \p depth.
  void leave(std::size_t depth);
  /// Ends them where a reference is initialised: the temporary that it keeps alive ends with the reference.
  void leaveTemporaries(std::size_t depth, const clang::Expr &init);
  /// The same on both sides of a condition.
  void leave(std::size_t depth, Outcome &outcome);
  /// \returns where two ways meet.
  std::uint32_t joined(std::uint32_t a, std::uint32_t b);

  /// Whether the node is reached from where the function begins.
  bool isReached(std::uint32_t node) const;

  const clang::FunctionDecl &Function;
  Recorder &Out;
  EventInstances &Made;
  clang::ASTContext &Context;
  EventGraph Graph;
  std::vector<Frame> Frames;
  std::uint32_t At = kNowhere;

private:
  struct PendingJump {
    const clang::LabelDecl *label;
    std::uint32_t from;
    std::vector<Frame> frames;
  };
  struct Label {
    std::uint32_t node;
    std::vector<unsigned> frames;
  };

  Nodes pass(std::size_t depth, Nodes outer);
  Nodes clean(std::size_t depth, Nodes outer);
  std::vector<Cleanup> cleanupsOfOne(clang::QualType type);
  bool takes(clang::QualType handler, clang::QualType thrown) const;

  llvm::SmallPtrSet<const clang::CXXRecordDecl *, 8> Entered;
  std::vector<PendingJump> Pending;
  std::map<const clang::LabelDecl *, Label> Labels;
  unsigned LastFrame = 0;
};

} // namespace ssot
