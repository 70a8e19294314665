// Annotated for `ssot rules test`: $single-broadcast-function marks what the rule must find; what is not marked, it must not.
namespace netra {

struct UserId {};
struct Event {};
struct BroadcastResult {
  int successful_sends = 0;
};

class WebSocketBroadcastService {
public:
  BroadcastResult broadcast_to_user(const UserId &user, const Event &event);
};

BroadcastResult WebSocketBroadcastService::broadcast_to_user(const UserId &, const Event &) { return {1}; }

namespace services {

int send(const UserId &user, const Event &event);

int $single-broadcast-function[[broadcast_to_user]](const UserId &user, const Event &event) { return send(user, event); }

// The arguments are the other way round, the work is not done here: an adapter.
int broadcast_user_event(WebSocketBroadcastService &service, const Event &event, const UserId &user) {
  return service.broadcast_to_user(user, event).successful_sends;
}

int broadcast_to_all(const Event &event) { return send(UserId(), event); }

} // namespace services
} // namespace netra
