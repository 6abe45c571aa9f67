#pragma once
// A page's requests for files, as they pass between page and worker: their numbers, their rights,
// and how much is under way (docs/formats/session.md section 2). Pure.

#include <map>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "edge-gateway/worker/frames.h"

namespace sp::edge_gateway {

/// A page numbers its requests anew with each connection, so the worker is told numbers of our own.
class Requests {
 public:
  explicit Requests(std::uint32_t rights) : rights_(rights) {}

  struct Refused {
    std::uint32_t request = 0;  ///< as the page numbered it
    std::string_view code;
  };
  struct Nothing {};  ///< it is over already
  struct Breach {};   ///< what no page of ours does
  /// The request as the worker gets it, or what becomes of it.
  using Asked = std::variant<FileRequest, Refused, Nothing, Breach>;
  Asked ask(FileRequest request);

  /// A part of an upload: the worker's number of it.
  using Uploaded = std::variant<std::uint32_t, Nothing, Breach>;
  Uploaded upload(const Part& part);

  // What the worker says, as the page gets it. A `Breach` is what no worker of ours does.
  using Answered = std::variant<FileAnswer, Nothing, Breach>;
  Answered answer(FileAnswer answer);
  using Downloaded = std::variant<std::uint32_t, Nothing, Breach>;
  Downloaded download(const Part& part);
  /// Whether the worker may report one more change of a file: one for each that was asked.
  bool report();

  /// The connection is gone, and its requests with it: what the worker is to cancel.
  std::vector<std::uint32_t> drop_all();

 private:
  struct Open {
    std::uint32_t page = 0;  // its number there
    std::string action;
    std::uint64_t size = 0;   // of a put
    std::uint64_t moved = 0;  // bytes from the beginning of the file, sent by the one side
    std::uint64_t seen = 0;   // acknowledged by the other
  };
  using Entry = std::map<std::uint32_t, Open>::iterator;  // by our number
  Entry of_page(std::uint32_t request);
  Asked begin(FileRequest request);
  Asked taken(FileRequest request);
  Asked cancel(FileRequest request);
  bool move(Open& open, std::uint64_t size) const;

  std::uint32_t rights_;
  std::uint32_t last_ = 0;
  std::uint64_t reports_ = 0;
  std::map<std::uint32_t, Open> open_;
};

}  // namespace sp::edge_gateway
