#pragma once
// Hides which Catch2 the distribution has: 2.13 on Debian 12, 3 on Debian 13.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
