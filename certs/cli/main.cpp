#include <unistd.h>

#include <exception>
#include <iostream>

#include "certs/cli/cli.h"

int main(int argc, char** argv) {
  try {
    const sp::SystemClock clock;
    sp::OsRandom random;
    sp::certs::Context context{std::cout, std::cerr, clock, random};
    if (::isatty(STDIN_FILENO) == 1) context.in = &std::cin;
    return sp::certs::run({argv + 1, argv + argc}, context);
  } catch (const std::exception& problem) {
    std::cerr << "sallyport-certs: error: " << problem.what() << "\n";
    return 3;
  }
}
