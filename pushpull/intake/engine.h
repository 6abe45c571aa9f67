#pragma once
// The intake's one thread: opens and seals envelopes, and holds the pulls that wait.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "pushpull/envelope/envelope.h"
#include "pushpull/intake/intake.h"
#include "pushpull/intake/link_file.h"

namespace sp::pushpull {

class Engine final : public Intake {
 public:
  struct Parts {
    sqlite::Writer& writer;
    ItemHandler& handler;
    const Clock& clock;
    Random& random;
    IntakeOptions options;
  };
  Engine(Parts parts, ChangeCount count, const InboxState& state);
  ~Engine() override;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void post(Bytes body, Reply reply) override;
  void key(Reply reply) override;
  void committed() override;
  [[nodiscard]] bool serving() const override { return serving_; }
  void stop() override;
  [[nodiscard]] Status status() const override;

 private:
  using Task = std::move_only_function<void()>;
  using Steady = std::chrono::steady_clock;
  /// One answer to be given: sealed to the request that asked.
  struct Asked {
    ResponseSealer sealer;
    Reply reply;
  };
  struct Waiting {
    PullRequest request;
    std::shared_ptr<Asked> asked;
    Steady::time_point until;
  };

  // Called from any thread.
  bool enqueue(Task task, bool from_outside);
  bool is_stopping() const;
  void refuse(const Reply& reply, int status) const { reply(status, {}); }

  // Called on the intake's thread.
  void run();
  void open_and_dispatch(const Bytes& body, Reply reply);
  void dispatch(const OpenedRequest& opened, std::shared_ptr<Asked> asked);
  void hello(const Bytes& plain, const std::shared_ptr<Asked>& asked);
  void push(const Bytes& plain, const std::shared_ptr<Asked>& asked);
  void pull(const Bytes& plain, const std::shared_ptr<Asked>& asked);
  void blob(const Bytes& plain, const std::shared_ptr<Asked>& asked);
  void rekey(const Bytes& plain, const std::shared_ptr<Asked>& asked);
  void read_for(Waiting waiting, bool acknowledges);
  void give_key(const Reply& reply);
  void answer(Asked& asked, BytesView plain) const;
  void wake_waiting();
  void answer_late_ones();
  void look();
  void seen(const InboxState& state);
  bool load_keys();
  bool promote_pending();
  Result<RekeyResponse> make_pending(const RekeyRequest& request, bool rotate);
  Result<OpenedRequest> open_with_our_keys(BytesView body);

  /// Runs `work` on the writer, and `then` on this thread with what it gave, or answers 503.
  template <class T>
  void on_writer(const std::shared_ptr<Asked>& asked,
                 std::move_only_function<Result<T>(sqlite::Database&)> work,
                 std::move_only_function<void(T&)> then);

  Parts parts_;
  ChangeCount count_;
  std::optional<EdgeKeys> keys_;  // the thread's own
  std::vector<Waiting> waiting_;  // likewise
  bool looking_ = false;          // likewise
  std::atomic<bool> serving_;
  std::atomic<bool> enrolled_ = false;
  std::atomic<std::uint64_t> applied_;
  std::atomic<std::uint64_t> last_event_;
  std::atomic<Instant> last_contact_{};

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  std::size_t from_outside_ = 0;  // of the tasks
  std::size_t at_writer_ = 0;     // jobs whose `then` is still to come
  bool committed_ = false;
  bool stopping_ = false;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace sp::pushpull
