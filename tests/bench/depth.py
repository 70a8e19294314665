"""Rules that judge by content (likeness, drift, storage, events, interfaces), for `./dev bench depth`: what they add to a check that reads every body
anyway, which is what the rules before them do. The questions need not make sense for the project: they must make work."""

BASE = """
  - {{id: names, kind: legacy-name, replace: {names}}}
  - {{id: one-name-one-type, kind: one-definition, names: ".*"}}
  - {{id: sizes, kind: size-limit, max-file-lines: 700, max-function-lines: 120}}
  - id: no-mutable-static-state
    kind: matcher
    match: varDecl(hasGlobalStorage(), isDefinition(), unless(hasType(isConstQualified()))).bind("site")
    message: static state that can change
"""
DEPTH = """
  - {{id: like-the-class, kind: single-class, canonical: "{like_class}", match: {{similar: 0.5}}}}
  - {{id: like-the-function, kind: single-function, canonical: "{like_function}", match: {{similar: 0.5}}}}
  - {{id: from-the-factory, kind: factory-only, class: "{kept}", factory: "{factory}", shared-state: forbid}}
  - {{id: in-order, kind: event-order, emit: "{emit}", order: {order}}}
  - {{id: interface-kept, kind: same-interface, legacy: "{legacy}", canonical: "{canonical}"}}
"""
PROJECTS = {
    "legacy_app": dict(
        names="{netra::websocket_core::MessageRouter: netra::CanonicalMessageRouter}",
        like_class="netra::websocket_core::MessageRouter", like_function="netra::services::broadcast_to_user",
        kept="netra::websocket_core::MessageRouter", factory="netra::websocket_core::create_router", emit="netra::agent::RunNotifier::emit",
        order="[" + ", ".join(f"netra::agent::RunEventKind::{event}" for event in (
            "agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed")) + "]",
        legacy="netra::websocket_core::MessageRouter", canonical="netra::websocket_core::WebSocketMessageRouter"),
    "leveldb": dict(
        names="{leveldb::port::Mutex: std::mutex}",
        like_class="leveldb::DBIter", like_function="leveldb::GetVarint32PtrFallback", kept="leveldb::DBImpl", factory="leveldb::DB::Open",
        emit="leveldb::Log", order="[compaction_started, compaction_done]", legacy="leveldb::MemTable", canonical="leveldb::DB"),
}


def rules(name):
    """The rule files of a project: without and with the rules by content."""
    head = "ssot: 1\nrules:"
    base = BASE.format(**PROJECTS[name])
    return head + base, head + base + DEPTH.format(**PROJECTS[name]).lstrip("\n")
