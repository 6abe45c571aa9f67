#pragma once
// The texts that set-up writes and says: values in, text out.

#include <filesystem>
#include <string>

namespace sp::edge_selfdestruct {

struct Standing {
  std::string url, listen, intake;
  std::filesystem::path certificate, key, intake_certificate, intake_key, data;
};
/// `text`, the file as it stands (empty: none), with these values in it.
std::string configuration(const std::string& text, const Standing& values);
/// What a firewall must allow, in words.
std::string firewall_words(const Standing& values);

}  // namespace sp::edge_selfdestruct
