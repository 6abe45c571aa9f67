#pragma once
// One session, from the use of its ticket to its end: a thread that polls, between a page that may
// come and go, a worker that speaks with the host, and the core, which is told what happens
// (docs/formats/session.md, ticket.md section 4).

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "base/http/websocket.h"
#include "edge-gateway/ledger/ledger.h"
#include "edge-gateway/sessions/dial.h"
#include "edge-gateway/sessions/host_side.h"
#include "edge-gateway/sessions/mailbox.h"
#include "edge-gateway/sessions/output.h"
#include "edge-gateway/sessions/pace.h"
#include "edge-gateway/sessions/recorder.h"
#include "edge-gateway/sessions/requests.h"
#include "edge-gateway/wire/messages.h"

namespace sp::edge_gateway {

struct SessionRules {
  Duration dial{10'000};         ///< from the ticket's use to a connection
  Duration login{60'000};        ///< from there to a shell
  Duration resume{60'000};       ///< a lost page may come back
  Duration longest{86'400'000};  ///< whatever the ticket says
};

/// What all sessions share. All of it outlives them.
struct SessionWorld {
  Ledger& ledger;
  Random& random;
  const TargetPolicy& policy;
  WorkerProgram worker{};
  SessionRules rules{};
};

/// A page that comes.
struct PageLink {
  std::shared_ptr<http::Socket> socket;
  std::string source;  ///< its address
  WindowSize window;
};

class Session {
 public:
  Session(const SessionWorld& world, const pushpull::TicketId& ticket, Redeemed redeemed,
          PageLink page, std::string term);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// To its end.
  void run();

  // From any thread; none blocks.
  [[nodiscard]] const pushpull::SessionId& id() const { return ticket_.session; }
  /// True for the resume secret that was told last, once.
  bool take_resume(const Secret& secret);
  void attach(PageLink page, std::uint64_t seen);
  void said(http::Socket& from, http::SocketMessage message);
  void lost(const http::Socket& from);
  void terminate(std::string by);
  void watched(std::string by);  ///< empty: nobody looks on any more
  void restart();                ///< the gateway ends

 private:
  struct Attach {
    PageLink page;
    std::uint64_t seen = 0;
  };
  struct Said {
    const http::Socket* from;
    http::SocketMessage message;
  };
  struct Lost {
    const http::Socket* from;
  };
  struct Terminate {
    std::string by;
  };
  struct Watched {
    std::string by;
  };
  struct Restart {};
  using Mail = std::variant<Attach, Said, Lost, Terminate, Watched, Restart>;
  struct End {
    std::string reason;
    std::optional<std::uint32_t> exit;
    std::string by;
  };

  void post(Mail mail);
  void begin();
  void wait();
  void take_mail();
  void advance();
  void finish();
  void close_late_pages();
  void end(std::string_view reason, std::optional<std::uint32_t> exit = {}, std::string by = {});

  // What the mail says.
  void take(Attach& mail);
  void take(Said& mail);
  void take(const Lost& mail);
  void take(const Terminate& mail);
  void take(Watched& mail);
  void take(const Restart& mail);
  void take_text(std::string_view text);
  void take_binary(BytesView data);
  void take_keys(BytesView keys);
  void take_upload(BytesView data);
  void resize(const WindowSize& window);
  void acknowledge(std::uint64_t seen);
  void ask_file(FileRequest request);

  // On the way to the host, and what the worker says.
  void step_dial();
  void start_worker();
  void serve_worker();
  void take_frame(const Frame& frame);
  Outcome judge_frame(const Frame& frame);
  Outcome take_state(BytesView body);
  Outcome take_host_key(BytesView body);
  Outcome take_ready();
  Outcome take_output(BytesView body);
  Outcome take_answer(BytesView body);
  Outcome take_download(BytesView body);
  Outcome take_file_event(BytesView body);
  Outcome take_ended(BytesView body);

  // The page.
  void say(const std::string& json);
  void say_ready();
  void send_output();
  void leave_page(std::uint16_t code);
  void page_is_lost();
  void breach();
  void let_page_go_on();

  void grant_output();
  void look_at_the_time();
  void look_at_the_disk();
  [[nodiscard]] bool is_ready() const { return ready_; }
  void tell(std::string_view kind, Bytes body) { world_.ledger.tell(kind, id(), std::move(body)); }

  const SessionWorld world_;
  const pushpull::TicketId ticket_id_;
  pushpull::TicketPut ticket_;
  std::optional<pushpull::TicketKeys> keys_;  // until the worker has the credential
  const std::string term_;
  WindowSize window_;

  std::optional<Dial> dial_;
  std::string address_, host_key_;
  std::string watcher_;
  std::optional<HostSide> host_;
  std::shared_ptr<http::Socket> page_;
  std::unique_ptr<Recorder> recorder_;
  Output output_;
  Requests requests_;
  Pace pace_;
  Steady way_ends_;                   // of the dial, then of the login
  std::optional<Steady> lost_until_;  // the page may come back
  std::optional<Steady> disk_ends_;   // a full disk
  std::uint64_t granted_ = 0, bytes_in_ = 0;
  bool ready_ = false;
  std::optional<End> end_;

  Mailbox<Mail> mail_;
  std::atomic<std::size_t> waiting_bytes_{0};  // in the mail
  std::atomic<bool> held_{false};              // the page is not read
  std::mutex mutex_;
  std::optional<Secret> resume_;  // guarded by mutex_
  bool over_ = false;             // likewise: nobody takes mail any more
};

}  // namespace sp::edge_gateway
