#pragma once
#include "edge-gateway/sftp/files.h"

namespace sp::edge_gateway::sftp {

/// One request under way. It ends by `finish` or `fail`; then it is asked for nothing more, and its
/// file is closed.
class Task {
 public:
  Task(Client& client, FileSink& sink, FileRequest request);
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  virtual ~Task();

  void begin_once();
  virtual void step() {}  ///< there may be room again
  virtual void take(BytesView upload);
  virtual void taken(std::uint64_t seen);
  /// Answers with `failed`, and with an event where one is due.
  void fail(std::string_view code);
  [[nodiscard]] bool over() const { return over_; }

 protected:
  virtual void begin() = 0;
  /// For `session.file`; empty where none is due.
  [[nodiscard]] virtual std::string_view action() const { return {}; }
  [[nodiscard]] virtual std::uint64_t moved() const { return 0; }  ///< bytes, for the event

  void ask(const Request& request, Client::Then then);
  /// Asks for something that is answered by a status alone: `then` when that is good, else it
  /// fails.
  void order(const Request& request, std::function<void()> then);
  void finish(std::uint64_t size, std::optional<pushpull::Hash> hash);
  /// Ends it without a word: its last answer was said.
  void close_quietly();
  void answer(FileAnswer answer);
  /// Fails with what a reply says that is not the wanted one.
  void fail_by(const Reply& reply);
  /// As `fail_by`, but where the host gives no reason, it may be that `path` is there already.
  void fail_unless_there(const Reply& reply, const std::string& path);

  Client& client_;
  FileSink& sink_;
  const FileRequest request_;
  Bytes handle_;

 private:
  void close_handle();
  void report(std::string_view outcome, std::uint64_t size, std::optional<pushpull::Hash> hash);

  Client::Owner self_;
  bool begun_ = false;
  bool over_ = false;
};

std::unique_ptr<Task> make_listing(Client& client, FileSink& sink, const FileRequest& request);
std::unique_ptr<Task> make_download(Client& client, FileSink& sink, const FileRequest& request);
std::unique_ptr<Task> make_upload(Client& client, FileSink& sink, const FileRequest& request);
std::unique_ptr<Task> make_rename(Client& client, FileSink& sink, const FileRequest& request);
std::unique_ptr<Task> make_removal(Client& client, FileSink& sink, const FileRequest& request);
std::unique_ptr<Task> make_folder(Client& client, FileSink& sink, const FileRequest& request);

std::string_view code_of(Status status);

}  // namespace sp::edge_gateway::sftp
