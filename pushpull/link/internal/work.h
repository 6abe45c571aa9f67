#pragma once
// The two threads of a link.

#include <condition_variable>
#include <mutex>
#include <thread>

#include "pushpull/link/internal/health.h"
#include "pushpull/link/internal/talk.h"
#include "pushpull/link/link.h"

namespace sp::pushpull {

class Link::Work {
 public:
  Work(LinkOptions options, std::unique_ptr<Channel> push, std::unique_ptr<Channel> pull,
       Outbox& outbox, const Clock& clock, Random& random);
  ~Work();
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  void wake();
  void rotate();
  LinkHealth health() const;
  Result<BlobResponse> blob(const BlobRequest& request);
  void stop();

 private:
  using Steady = std::chrono::steady_clock;

  // The push thread.
  void push_loop();
  Outcome work_once();
  Outcome meet();
  Outcome enrol();
  Outcome rekey();
  Outcome take_next_epoch();
  Result<HelloResponse> hello(const internal::EpochKeys& keys);
  Outcome resync(const HelloResponse& hello, std::uint64_t settled);
  Outcome push_all();
  Result<bool> push_some();
  Result<PushResponse> push_items(const Epoch& core_epoch, std::vector<Item> items);
  void rest_after_work();

  // The pull thread.
  void pull_loop();
  Outcome pull_once();
  bool wait_until_met();

  // Both.
  Result<Bytes> ask(Channel& channel, const internal::EpochKeys& keys, Operation operation,
                    BytesView plain, Duration patience);
  Result<internal::EpochKeys> keys();
  void succeeded(std::optional<Instant> edge_now);
  void failed(const Error& error);
  void back_off(unsigned failures, std::uint64_t& seen_success);
  void meet_again();
  bool stopping() const;

  const LinkOptions options_;
  const std::unique_ptr<Channel> push_;
  const std::unique_ptr<Channel> pull_;
  Outbox& outbox_;
  const Clock& clock_;
  Random& random_;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool stopping_ = false;
  bool woken_ = false;
  bool rotate_ = false;
  bool met_ = false;  // a hello and, if needed, a resync are behind us
  std::uint64_t successes_ = 0;
  internal::Noticed noticed_;

  std::mutex push_mutex_;            // the push channel, which blobs use too
  LinkNumbers numbers_;              // the push thread's own: as stored, moved along
  Steady::time_point next_hello_{};  // likewise
  std::jthread push_thread_;         // last: they use all of the above
  std::jthread pull_thread_;
};

}  // namespace sp::pushpull
