#include "base/findings/machine.h"

#include <ifaddrs.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/probe/probe.h"

namespace sp::findings {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
constexpr std::uint64_t least_room = 200 * mebibyte;

struct FreeInterfaces {
  void operator()(ifaddrs* list) const noexcept { ::freeifaddrs(list); }
};

std::vector<std::string> own_addresses() {
  ifaddrs* found = nullptr;
  std::vector<std::string> out;
  if (::getifaddrs(&found) != 0) return out;
  const std::unique_ptr<ifaddrs, FreeInterfaces> list{found};
  for (const auto* one = list.get(); one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    const bool four = one->ifa_addr->sa_family == AF_INET;
    if (!four && one->ifa_addr->sa_family != AF_INET6) continue;
    const socklen_t size = four ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(one->ifa_addr, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) ==
        0)
      out.emplace_back(text.data());
  }
  return out;
}

}  // namespace

Finding name_of(const std::string& url) {
  const auto place = probe::place_of(url);
  if (!place)
    return bad("name", url + " is no address.", place.error().detail(), "run setup --url");
  const auto addresses = probe::addresses_of(place->host);
  if (!addresses)
    return bad("name", "The name " + place->host + " has no address.",
               "Nobody can open a link to it.",
               "add it to your DNS, with the address of this machine");
  const auto own = own_addresses();
  const bool here = std::ranges::any_of(
      *addresses, [&](const std::string& one) { return std::ranges::find(own, one) != own.end(); });
  if (here) return good("name", place->host + " is this machine (" + addresses->front() + ").");
  return note("name",
              place->host + " is " + addresses->front() + ", which is no address of this machine.",
              "That is right behind a proxy or a translated address, and wrong otherwise.",
              "look whether that address leads here");
}

Finding clock() {
  timex state{};
  const int said = ::adjtimex(&state);
  const bool unsure = said == TIME_ERROR || (state.status & STA_UNSYNC) != 0;
  if (said >= 0 && !unsure) return good("clock", "It is kept by a time service.");
  return note(
      "clock", "The kernel does not know its clock to be right.",
      "A clock that goes wrong shows messages too short, and makes certificates seem expired.",
      "run a time service, as systemd-timesyncd or chrony");
}

Finding disk(const std::filesystem::path& folder) {
  struct statvfs state {};
  if (::statvfs(folder.c_str(), &state) != 0)
    return bad("disk", "The folder " + folder.string() + " cannot be looked at.",
               "Nothing can be kept there.", "run setup, or this as root");
  const auto room = static_cast<std::uint64_t>(state.f_bavail) * state.f_frsize;
  const auto inodes_left = state.f_files == 0 || state.f_favail > 1000;
  const auto words = std::to_string(room / mebibyte) + " MiB are free for " + folder.string() + ".";
  if (room >= least_room && inodes_left) return good("disk", words);
  return bad("disk", words, "Nothing is accepted and nothing shown once it is full.", "make room");
}

Finding secret_file(const std::string& about, const std::filesystem::path& path,
                    const std::filesystem::path& folder) {
  struct stat file {};
  struct stat owner {};
  if (::stat(path.c_str(), &file) != 0)
    return bad(about, path.string() + " is not there, or not to be seen.",
               "The service does not start without it.",
               "run setup, or this as root; else restore a backup");
  if ((file.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return bad(about, path.string() + " can be read or changed by others.",
               "It is a secret, and the service refuses it.", "chmod 600 " + path.string());
  if (::stat(folder.c_str(), &owner) == 0 && owner.st_uid != file.st_uid && file.st_uid != 0)
    return bad(about, path.string() + " belongs to another user than " + folder.string() + ".",
               "The service cannot read it.", "chown it to the owner of the folder");
  return good(about, path.string() + " is for the service alone.");
}

}  // namespace sp::findings
