#pragma once
// The terminal that `sallyport connect` runs in.

#include <termios.h>

#include <memory>
#include <optional>

#include "base/result/result.h"

namespace sp::cli {

struct WindowSize {
  int columns = 80, rows = 24;
  friend bool operator==(const WindowSize&, const WindowSize&) = default;
};

/// Every key goes to the program as it is typed, without echo; the terminal is as before when it
/// goes. One at a time.
class RawTerminal {
 public:
  /// `invalid_input` when standard input or output is no terminal.
  static Result<std::unique_ptr<RawTerminal>> open();
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

  [[nodiscard]] WindowSize size() const;
  /// Readable when the size may be another one; `settled` makes it quiet again.
  [[nodiscard]] int resized() const { return resized_; }
  void settled();

 private:
  RawTerminal(const ::termios& before, int resized) : before_(before), resized_(resized) {}
  ::termios before_;
  int resized_;
};

}  // namespace sp::cli
