#pragma once
// A certificate of the site as it is watched: where it is shown, until when, and how that looks
// now. Decides alone; values in, value out.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/openssl/crypto.h"
#include "base/time/clock.h"

namespace sp::certificates {

/// Where it is shown.
enum class Place : std::uint8_t {
  site,    ///< the core's own web site
  root,    ///< the site CA's root, which people trust
  portal,  ///< an edge's public listener
  intake,  ///< an edge's listener for the core
};
std::string_view name(Place place);
std::optional<Place> place_named(std::string_view text);

struct Certificate {
  std::string owner;  ///< empty: the core; else an edge's id
  Place place = Place::site;
  std::vector<std::string> names;
  std::string issuer;
  Instant not_before{}, not_after{};
  openssl::Digest fingerprint{}, pin{};
  std::string renewed_by;  ///< as the configuration of its machine says; empty: by hand
  Instant seen_at{};       ///< when it was last seen where it is shown
  bool operator==(const Certificate&) const = default;
};

enum class Light : std::uint8_t { green, amber, red };
std::string_view name(Light light);

struct Verdict {
  Light light = Light::green;
  int days_left = 0;   ///< whole days, rounded down; negative once it expired
  std::string reason;  ///< a sentence that says what to do; empty when green
};
/// `host` is what clients dial there; empty: nobody does by name. Amber in the last 30 days or the
/// last third of its life, whichever is shorter, so that a certificate of a few days is not always
/// amber; red in the last 7 days or the last sixth, once it expired, before it begins, and when it
/// is not for `host`.
Verdict judge(const Certificate& certificate, std::string_view host, Instant now);

/// How many days before the end administrators are told.
inline constexpr std::array thresholds{30, 14, 7, 1};
/// The least of them that has been reached; a threshold that lies before the last third of a
/// certificate's life is none of it (its renewal is not due then).
std::optional<int> threshold_reached(const Certificate& certificate, Instant now);

}  // namespace sp::certificates
