#pragma once
// Identities of edges on the link (docs/formats/certificates.md): who signs them, who has
// which, when each is renewed, and how one authority gives way to another.
//
// What is to be done follows from what stands in the database and nothing else, so it may be cut
// off anywhere and goes on. A rotation: the next authority is made and trusted beside the old one,
// and signs from then on; every edge is asked for an identity of it, and says that it shows it;
// once all have, the old authority and its key are erased. An edge that does not answer holds that
// last step up until it comes back or is removed. Edges themselves trust no authority: they know
// their core by its envelopes.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/edges/outbox.h"

namespace sp::identities {

using Context = edges::Context;

/// Of one edge.
struct Standing {
  std::string edge, name;
  std::optional<std::int64_t> authority;  ///< of the identity that it shows; none: not yet one
  std::optional<Instant> until;           ///< the end of that identity
};
struct State {
  std::vector<std::int64_t> authorities;  ///< trusted; the last one signs; two while one gives way
  std::vector<Standing> edges;            ///< enrolled ones
  [[nodiscard]] bool is_rotating() const { return authorities.size() > 1; }
  /// Names of the edges that do not show an identity of the authority that signs. While one gives
  /// way, it waits for these.
  [[nodiscard]] std::vector<std::string> unconfirmed() const;
};
Result<State> state(store::Store& store);

/// Makes the next authority. `conflict`, with the names of the edges that are waited for, while
/// another one is still to be retired.
Outcome begin_rotation(const Context& context);
/// While one gives way: the old one stays, takes the next number, and it is the new one that goes
/// when every edge has an identity of the old one again. `conflict` when none gives way.
Outcome roll_back(const Context& context);

/// Makes the first authority, and the next one a year before the last one's end; retires an
/// authority that nobody needs; asks every edge that is due, by its outbox. Gives the edges that
/// have something to be sent.
Result<std::vector<std::string>> round(const Context& context);

/// What an edge shows, when it is asked for anew: at half of its life.
Instant renewal_of(Instant from, Instant until);

class Identities final : public edges::Traffic {
 public:
  using Wake = std::function<void(const std::string& edge)>;
  /// `wake` is told of an edge that has something to be sent, after the commit, by the thread that
  /// `start` starts.
  Identities(const Context& context, Wake wake) : context_(context), wake_(std::move(wake)) {}
  ~Identities() override { stop(); }

  /// A round every minute, and when there is a reason, from now on.
  void start();
  void stop();

  [[nodiscard]] bool takes(std::string_view kind) const override;
  Outcome settled(store::Transaction&, std::string_view, std::uint64_t, std::uint64_t,
                  std::span<const pushpull::Refused>) override {
    return {};
  }
  Outcome happened(store::Transaction& transaction, std::string_view edge,
                   const pushpull::Event& event) override;
  Result<std::vector<pushpull::LiveMessage>> live(store::Transaction&, std::string_view) override {
    return std::vector<pushpull::LiveMessage>{};
  }
  Outcome enrolled(store::Transaction& transaction, std::string_view edge) override;
  Outcome removed(store::Transaction& transaction, std::string_view edge) override;
  Result<Bytes> settings(store::Transaction&) override { return Bytes{}; }
  Result<bool> vouches_for(store::Transaction& transaction, std::string_view edge,
                           BytesView leaf) override;

 private:
  Outcome requested(store::Transaction& transaction, std::string_view edge, BytesView body);
  Outcome installed(store::Transaction& transaction, std::string_view edge, BytesView body);
  void look_at(std::string edge);
  void work(const std::stop_token& stop);
  Context context_;
  Wake wake_;
  std::mutex mutex_;
  std::condition_variable_any sleep_;
  bool looks_ = false;
  std::vector<std::string> to_wake_;
  std::jthread thread_;  // last: ends before what it uses
};

}  // namespace sp::identities
