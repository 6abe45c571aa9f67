#pragma once
#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

namespace sp::http::internal {

/// How many connections each address holds. Safe from every thread.
class AddressCounter {
 public:
  using Key = std::array<unsigned char, 9>;

  /// An IPv4 address, also when written as an IPv6 one, or the first 64 bits of an IPv6 address:
  /// the least that one subscriber has.
  static Key key_of(boost::asio::ip::address address) {
    Key key{};
    if (address.is_v6() && address.to_v6().is_v4_mapped())
      address = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
    if (address.is_v4()) {
      key[0] = 4;
      std::ranges::copy(address.to_v4().to_bytes(), key.begin() + 1);
    } else {
      key[0] = 6;
      std::copy_n(address.to_v6().to_bytes().begin(), 8, key.begin() + 1);
    }
    return key;
  }

  /// False, and nothing counted, when `key` holds `most` already.
  bool add(const Key& key, std::size_t most) {
    const std::lock_guard lock{mutex_};
    auto& count = counts_[key];
    if (count >= most) {
      if (count == 0) counts_.erase(key);
      return false;
    }
    ++count;
    return true;
  }

  void remove(const Key& key) {
    const std::lock_guard lock{mutex_};
    const auto found = counts_.find(key);
    if (--found->second == 0) counts_.erase(found);
  }

 private:
  std::mutex mutex_;
  std::map<Key, std::size_t> counts_;  // a tree: strangers choose the keys
};

}  // namespace sp::http::internal
