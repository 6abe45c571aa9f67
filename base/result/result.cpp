#include "base/result/result.h"

namespace sp {

std::string_view name(Code code) {
  switch (code) {
    case Code::invalid_input:
      return "invalid_input";
    case Code::unauthenticated:
      return "unauthenticated";
    case Code::forbidden:
      return "forbidden";
    case Code::not_found:
      return "not_found";
    case Code::conflict:
      return "conflict";
    case Code::expired:
      return "expired";
    case Code::too_many:
      return "too_many";
    case Code::corrupt:
      return "corrupt";
    case Code::unavailable:
      return "unavailable";
    case Code::internal:
      return "internal";
  }
  return "internal";
}

int http_status(Code code) {
  switch (code) {
    case Code::invalid_input:
      return 400;
    case Code::unauthenticated:
      return 401;
    case Code::forbidden:
      return 403;
    case Code::not_found:
      return 404;
    case Code::conflict:
      return 409;
    case Code::expired:
      return 410;
    case Code::too_many:
      return 429;
    case Code::corrupt:
      return 500;
    case Code::unavailable:
      return 503;
    case Code::internal:
      return 500;
  }
  return 500;
}

int exit_code(Code code) {
  switch (code) {
    case Code::not_found:
    case Code::expired:
      return 1;
    case Code::invalid_input:
      return 2;
    case Code::unauthenticated:
    case Code::forbidden:
      return 4;
    default:
      return 3;
  }
}

}  // namespace sp
