#pragma once
// Bytes -> request, strictly (RFC 9112). Pure: no sockets, no clocks. Where two readers could see
// two different requests (smuggling), the request is refused.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/http/message.h"

namespace sp::http {

/// The head of a request, and how its body is delimited.
struct Head {
  Request request;                ///< without body, peer and tls
  bool is_1_1 = true;             ///< HTTP/1.1, else HTTP/1.0
  bool keep_alive = true;         ///< never with HTTP/1.0
  bool expects_continue = false;  ///< "Expect: 100-continue"
  bool chunked = false;
  std::uint64_t content_length = 0;  ///< 0 when chunked
};

/// A refusal: the status to answer before the connection is closed.
enum class Refusal : std::uint16_t {
  bad_request = 400,
  too_large = 413,
  unknown_expectation = 417,
  head_too_large = 431,
  unknown_coding = 501,
  unknown_version = 505,
};

template <class T>
struct Parsed {
  enum class State : std::uint8_t { more, done, refused } state = State::more;
  T value{};                               ///< when done
  std::size_t size = 0;                    ///< when done: how many bytes of the input it took
  Refusal refusal = Refusal::bad_request;  ///< when refused
};

/// Reads a request line and header fields from the front of `input`. `more` while the empty line
/// that ends them is not there and fewer than `most` bytes are. `searched` is how far an earlier
/// call for the same request has looked; it is updated.
///
/// Refused, among others: line ends other than CRLF, folded lines, white space before a colon,
/// control characters, a Host that is missing, doubled or odd, both of Content-Length and
/// Transfer-Encoding, either of them twice, a length that is not digits alone, codings other than
/// "chunked", HTTP/1.0 with a coding, targets that are not in origin form.
Parsed<Head> parse_head(std::string_view input, std::size_t most, std::size_t& searched);

/// Takes a chunked body apart as it arrives (RFC 9112 section 7.1). Extensions and trailers are
/// read over and dropped; each line is bounded.
class ChunkedBody {
 public:
  enum class State : std::uint8_t { more, done, refused, too_large };
  explicit ChunkedBody(std::size_t most) : most_(most) {}
  /// Takes what it can from the front of `input`, appends content to `body`, says how much it took.
  State feed(std::string_view input, std::size_t& taken, std::string& body);

 private:
  enum class Step : std::uint8_t { size, data, data_end, trailer };
  State line(std::string_view text, const std::string& body);
  std::size_t data(std::string_view input, std::string& body);

  std::size_t most_;
  std::size_t trailer_bytes_ = 0;
  std::uint64_t left_ = 0;
  Step step_ = Step::size;
};

}  // namespace sp::http
