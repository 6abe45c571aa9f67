#include "edge-gateway/door/visit.h"

#include "base/log/log.h"

namespace sp::edge_gateway {

void Visit::opened(std::shared_ptr<http::Socket> socket) {
  socket_ = std::move(socket);
}

void Visit::message(http::SocketMessage message) {
  if (const auto running = session()) return running->said(*socket_, std::move(message));
  // Nobody says anything while a ticket is being used.
  if (spoke_) return socket_->close(door_refusal);
  spoke_ = true;
  open(message);
  wipe(message.data);
}

void Visit::closed() {
  if (!spoke_) door_->refused("missing", source_);
  std::shared_ptr<Session> running;
  {
    const std::lock_guard lock{mutex_};
    gone_ = true;
    running = session_;
  }
  if (running) running->lost(*socket_);
}

void Visit::open(const http::SocketMessage& message) {
  if (!is_ours_) return refuse("origin");
  if (door_->is_limited(source_)) return refuse("limit");
  if (!door_->is_serving()) return refuse("closed");
  if (message.kind != http::SocketKind::text) return refuse("missing");
  auto opening = decode_opening(message.data);
  if (!opening) return refuse("missing");
  if (auto* ticket = std::get_if<WithTicket>(&*opening)) return open(std::move(*ticket));
  open(std::get<WithResume>(*opening));
}

void Visit::open(WithTicket opening) {
  if (!door_->roster().has_room(source_)) return refuse("limit");
  struct Case {
    WithTicket opening;
    std::shared_ptr<Roster::Place> place;
  };
  auto secret = std::move(opening.secret);
  auto work = std::make_shared<Case>(Case{std::move(opening), nullptr});
  const auto admit = [self = shared_from_this(), work](const pushpull::TicketPut& ticket) {
    work->place = self->door_->roster().claim(ticket.user, self->source_);
    return work->place != nullptr;
  };
  const auto done = [self = shared_from_this(), work](Ledger::Answer answer) {
    if (!answer) {
      const bool is_full = answer.error().code() == Code::too_many;
      if (!is_full) log::error("redeem_failed", answer.error());
      return self->refuse(is_full ? "limit" : "closed");
    }
    if (const auto* refusal = std::get_if<Refusal>(&*answer)) return self->refuse(name(*refusal));
    self->begin(std::move(std::get<Redeemed>(*answer)), work->opening, std::move(work->place));
  };
  door_->ledger().redeem(work->opening.id, std::move(secret), source_, admit, done);
}

void Visit::open(const WithResume& opening) {
  auto running = door_->roster().find(opening.session);
  if (!running) return refuse("unknown");
  if (!running->take_resume(opening.resume)) return refuse("proof");
  running->attach(link(opening.window), opening.seen);
  hand_over(std::move(running));
}

void Visit::begin(Redeemed redeemed, const WithTicket& opening,
                  std::shared_ptr<Roster::Place> place) {
  hand_over(door_->roster().begin(opening.id, std::move(redeemed), link(opening.window),
                                  opening.term, std::move(place)));
}

void Visit::refuse(std::string_view reason) {
  door_->refused(reason, source_);
  socket_->close(door_refusal);
}

// The page may be gone by now: the session learns it from one of us.
void Visit::hand_over(std::shared_ptr<Session> session) {
  bool is_gone = false;
  {
    const std::lock_guard lock{mutex_};
    session_ = session;
    is_gone = gone_;
  }
  if (is_gone) session->lost(*socket_);
}

std::shared_ptr<Session> Visit::session() {
  const std::lock_guard lock{mutex_};
  return session_;
}

}  // namespace sp::edge_gateway
