#include "core/program/metrics.h"

#include <fmt/format.h>

namespace sp::core {
namespace {

http::Response plain(int status, std::string body) {
  http::Response out;
  out.status = status;
  out.headers = {{"Content-Type", "text/plain; version=0.0.4"}, {"Cache-Control", "no-store"}};
  out.body = std::move(body);
  return out;
}

// The database is asked on the I/O thread: this listener serves nothing else.
http::Response answer(const http::Request& request, api::Core& core) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads || request.path != "/metrics") return plain(404, "");
  const auto watched = certificates::list(core.store, core.site_url, core.clock.now());
  if (!watched) return plain(503, "");
  return plain(200, metrics_text(*watched));
}

std::string labels(const certificates::Watched& watched) {
  return fmt::format("{{owner=\"{}\",place=\"{}\"}}",
                     watched.certificate.owner.empty() ? "core" : watched.owner_name,
                     certificates::name(watched.certificate.place));
}

}  // namespace

std::string metrics_text(const std::vector<certificates::Watched>& watched) {
  std::string out =
      "# HELP sallyport_core_certificate_ends_seconds When the certificate ends, Unix time.\n"
      "# TYPE sallyport_core_certificate_ends_seconds gauge\n";
  for (const auto& one : watched)
    out += fmt::format("sallyport_core_certificate_ends_seconds{} {}\n", labels(one),
                       to_millis(one.certificate.not_after) / 1000);
  out +=
      "# HELP sallyport_core_certificate_light 0 green, 1 amber, 2 red.\n"
      "# TYPE sallyport_core_certificate_light gauge\n";
  for (const auto& one : watched)
    out += fmt::format("sallyport_core_certificate_light{} {}\n", labels(one),
                       static_cast<int>(one.verdict.light));
  return out;
}

Result<std::unique_ptr<http::Server>> serve_metrics(const std::string& listen, api::Core& core) {
  http::Options options;
  options.listen = listen;
  options.limits.connections = 16;
  options.io_threads = 1;
  options.blocking_threads = 1;
  options.body_limit = [](std::string_view, std::string_view) { return std::size_t{0}; };
  return http::Server::start(
      std::move(options),
      [&core](http::Request request, const http::Reply& reply) { reply(answer(request, core)); });
}

}  // namespace sp::core
