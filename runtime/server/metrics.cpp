#include "metrics.h"

#include <array>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace netra::server {

namespace {

struct Description {
  const char *name;
  const char *help;
  /// Empty: the figure has no label.
  const char *label = "";
  const char *label_value = "";
};

constexpr const char *kRefused = "netra_connections_refused_total";
constexpr const char *kRefusedHelp = "Connections refused before the upgrade, by reason.";
constexpr const char *kResumes = "netra_resumes_total";
constexpr const char *kResumesHelp = "Clients that came back with a position, by what became of it.";

constexpr std::array<Description, static_cast<std::size_t>(Metrics::Count::last)> kCounts = {{
    {"netra_connections_opened_total", "WebSocket connections accepted."},
    {"netra_connections_closed_total", "WebSocket connections that ended, for whatever reason."},
    {kRefused, kRefusedHelp, "reason", "capacity"},
    {kRefused, kRefusedHelp, "reason", "user_limit"},
    {kRefused, kRefusedHelp, "reason", "origin"},
    {kRefused, kRefusedHelp, "reason", "token"},
    {kRefused, kRefusedHelp, "reason", "draining"},
    {kRefused, kRefusedHelp, "reason", "request"},
    {"netra_messages_received_total", "Messages from clients."},
    {"netra_messages_rejected_total", "Messages from clients that were no valid message."},
    {"netra_rate_limited_total", "Connections closed for too many messages per second."},
    {"netra_foreign_user_refused_total", "Messages refused because they named another user."},
    {"netra_isolation_violations_total",
     "Frames stopped at the last check because their owner was not the connection's user. Alert on any."},
    {"netra_events_sent_total", "Events handed to a user's connections on this node."},
    {"netra_frames_admitted_total", "Frames admitted to the queue of a connection."},
    {"netra_frames_written_total", "Frames wholly handed to the kernel."},
    {"netra_frames_acknowledged_total", "Events that clients said they have got."},
    {"netra_frames_dropped_total", "Frames admitted and not written: their connection ended first."},
    {"netra_frames_refused_total",
     "Frames not admitted: the queue was full or the connection closing. Reported to the sender."},
    {"netra_slow_consumers_total", "Connections closed with 1013 because they did not read fast enough."},
    {"netra_timeouts_total", "Connections closed because nothing came from them, not even a pong."},
    {kResumes, kResumesHelp, "result", "resumed"},
    {kResumes, kResumesHelp, "result", "reload_required"},
    {"netra_agent_runs_total", "Agent runs started."},
    {"netra_bus_published_total", "Events published to other nodes."},
    {"netra_bus_received_total", "Events received from other nodes."},
    {"netra_bus_lost_total", "Events of other nodes known to be lost; the clients were told to reload."},
    {"netra_bus_duplicates_total", "Events of other nodes received again and ignored."},
    {"netra_bus_disconnects_total", "Times the bus was lost."},
    {"netra_bus_reconnects_total", "Times the bus came back."},
}};

constexpr std::array<Description, static_cast<std::size_t>(Metrics::Level::last)> kLevels = {{
    {"netra_connections", "WebSocket connections open now."},
    {"netra_users", "Users with a connection or a history on this node."},
    {"netra_bus_connected", "1 while the bus is there, 0 while it is lost or not configured."},
    {"netra_draining", "1 while the node is being stopped."},
}};

prometheus::Labels labels_of(const Description &description) {
  if (!*description.label)
    return {};
  return {{description.label, description.label_value}};
}

} // namespace

struct Metrics::State {
  prometheus::Registry registry{prometheus::Registry::InsertBehavior::Merge};
  std::array<prometheus::Counter *, kCounts.size()> counts;
  std::array<prometheus::Gauge *, kLevels.size()> levels;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {
  for (std::size_t i = 0; i < kCounts.size(); ++i)
    state_->counts[i] = &prometheus::BuildCounter()
                             .Name(kCounts[i].name)
                             .Help(kCounts[i].help)
                             .Register(state_->registry)
                             .Add(labels_of(kCounts[i]));
  for (std::size_t i = 0; i < kLevels.size(); ++i)
    state_->levels[i] = &prometheus::BuildGauge()
                             .Name(kLevels[i].name)
                             .Help(kLevels[i].help)
                             .Register(state_->registry)
                             .Add(labels_of(kLevels[i]));
}

Metrics::~Metrics() = default;

std::string Metrics::text() const { return prometheus::TextSerializer().Serialize(state_->registry.Collect()); }

void Metrics::add(Count count, double by) { state_->counts[static_cast<std::size_t>(count)]->Increment(by); }
double Metrics::value(Count count) const { return state_->counts[static_cast<std::size_t>(count)]->Value(); }
void Metrics::set(Level level, double value) { state_->levels[static_cast<std::size_t>(level)]->Set(value); }
void Metrics::change(Level level, double by) { state_->levels[static_cast<std::size_t>(level)]->Increment(by); }

} // namespace netra::server
