#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include "base/log/log.h"

// The log is started before there are threads, as programs do.
int main(int argc, char** argv) {
  sp::log::start("test", sp::log::Level::debug);
  return Catch::Session().run(argc, argv);
}
