#pragma once
// What set-up says, and the texts it writes: values in, text out.

#include <filesystem>
#include <string>

#include "base/probe/probe.h"

namespace sp::core {

/// Everything that a core's configuration file says of itself.
struct Standing {
  std::string url, listen;
  std::filesystem::path certificate, key, root_key, web_root;
  std::string database;
};
/// `text`, the file as it stands (empty: none), with these values in it.
std::string configuration(const std::string& text, const Standing& values);
/// What a firewall must allow, in words.
std::string firewall_words(const Standing& values, const std::string& mail_host,
                           const std::string& mail_port);
/// "https://NAME:8443" for this machine.
std::string default_url(const std::string& host_name);
/// What systemd must allow for a port below 1024; empty for others.
std::string port_drop_in(std::uint16_t port);

}  // namespace sp::core
