#include "edge-gateway/ssh/file_channel.h"

namespace sp::edge_gateway {
namespace {

constexpr std::chrono::seconds to_open{15};
constexpr int most_reads = 8;  // before keys are looked at again

}  // namespace

bool FileChannel::request(BytesView body) {
  const auto request = decode_file_request(body);
  if (request) files_.request(*request);
  return request.has_value();
}

bool FileChannel::upload(BytesView body) {
  const auto part = decode_part(body);
  if (part) files_.upload(*part);
  return part.has_value();
}

bool FileChannel::step(Connection& connection, Moment now) {
  if (!channel_ && !files_.wanted()) return false;
  if (!open_ && !open(connection, now)) return false;
  const bool got = read();
  files_.step();
  return (open_ && write(connection)) || got;
}

bool FileChannel::open(Connection& connection, Moment now) {
  if (!channel_) {
    channel_ = std::make_unique<Channel>(connection.session(), sftp_steps());
    until_ = now + to_open;
  }
  const auto progress = channel_->open();
  open_ = progress == Progress::done;
  if (!open_ && (progress != Progress::waits || now >= until_)) lose();
  return open_;
}

bool FileChannel::read() {
  bool moved = false;
  for (int i = 0; i < most_reads && open_ && !full(); ++i) {
    const auto got = channel_->read(piece_);
    if (got == 0) {
      if (channel_->ended() && channel_->empty()) lose();
      break;
    }
    moved = true;
    if (!files_.received(std::span{piece_}.first(got))) lose();
  }
  return moved;
}

// Only while the socket takes it: what waits inside libssh would be in front of the next key.
bool FileChannel::write(const Connection& connection) {
  bool moved = false;
  while (!files_.to_send().empty() && !connection.sending()) {
    const auto taken = channel_->write(files_.to_send());
    if (!taken) lose();
    if (taken.value_or(0) == 0) break;
    files_.sent(*taken);
    moved = true;
  }
  return moved;
}

void FileChannel::lose() {
  open_ = false;
  channel_.reset();
  files_.lost();
}

void FileChannel::answer(const FileAnswer& answer) {
  parent_.say(FrameKind::answer, encode(answer));
}
void FileChannel::download(const Part& part) {
  parent_.say(FrameKind::download, part);
}
void FileChannel::event(const pushpull::SessionFile& event) {
  parent_.say(FrameKind::file_event, pushpull::encode(event));
}

}  // namespace sp::edge_gateway
