// server/metrics.h - what an operator sees at /metrics.
//
// One list of figures, in Prometheus' text format. For frames the books balance: admitted = written + dropped + still
// queued.
#pragma once

#include <memory>
#include <string>

namespace prometheus {
class Counter;
class Gauge;
} // namespace prometheus

namespace netra::server {

class Metrics {
public:
  Metrics();
  Metrics(const Metrics &) = delete;
  Metrics &operator=(const Metrics &) = delete;
  ~Metrics();

  /// Everything, as Prometheus reads it.
  std::string text() const;

  enum class Count {
    connections_opened,
    connections_closed,
    refused_capacity,
    refused_user_limit,
    refused_origin,
    refused_token,
    refused_draining,
    refused_request,
    messages_received,
    messages_rejected,
    rate_limited,
    foreign_user_refused,
    isolation_violations,
    events_sent,
    frames_admitted,
    frames_written,
    frames_acknowledged,
    frames_dropped,
    frames_refused,
    slow_consumers,
    timeouts,
    resumed,
    reload_required,
    runs,
    bus_published,
    bus_received,
    bus_lost,
    bus_duplicates,
    bus_disconnects,
    bus_reconnects,
    last // not a figure: how many there are
  };
  void add(Count count, double by = 1);
  double value(Count count) const;

  enum class Level { connections, users, bus_connected, draining, last };
  void set(Level level, double value);
  void change(Level level, double by);

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace netra::server
