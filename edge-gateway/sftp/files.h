#pragma once
// The requests for files of docs/formats/session.md section 2, over one SFTP channel. It does no
// I/O itself: bytes of the channel go in and out, answers go to a sink. Nothing waits for anything,
// so a transfer holds up neither the others nor the terminal.

#include <memory>

#include "edge-gateway/sftp/client.h"
#include "edge-gateway/worker/frames.h"

namespace sp::edge_gateway {

/// Who is told.
class FileSink {
 public:
  virtual ~FileSink() = default;
  virtual void answer(const FileAnswer& answer) = 0;
  virtual void download(const Part& part) = 0;
  virtual void event(const pushpull::SessionFile& event) = 0;
  /// Enough is under way: nothing more is asked of the host until it is not.
  [[nodiscard]] virtual bool full() const = 0;
};

namespace sftp {
class Task;
}

class Files {
 public:
  explicit Files(FileSink& sink);
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  ~Files();

  void request(const FileRequest& request);
  /// A part of an upload; one for nothing that is open is dropped, since it may have crossed with
  /// our `failed`.
  void upload(const Part& part);

  /// Of the channel. Fails when the host speaks no SFTP; then `lost` is what follows.
  Outcome received(BytesView bytes);
  [[nodiscard]] BytesView to_send() const { return client_->to_send(); }
  void sent(std::size_t size) { client_->sent(size); }
  /// Goes on with what waited for room or for the host's first word.
  void step();
  /// The channel is no more: what is open fails, and a new one may come.
  void lost();
  /// There is something that a channel is needed for.
  [[nodiscard]] bool wanted() const { return !tasks_.empty(); }

 private:
  void refuse(const FileRequest& request, std::string_view code);
  void sweep();

  FileSink& sink_;
  std::unique_ptr<sftp::Client> client_;
  std::map<std::uint32_t, std::unique_ptr<sftp::Task>> tasks_;  // gone before their client
};

}  // namespace sp::edge_gateway
