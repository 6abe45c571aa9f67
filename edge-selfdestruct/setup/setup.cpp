#include "edge-selfdestruct/setup/setup.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <iostream>

#include "base/config/files.h"
#include "base/setup/certificate.h"
#include "base/setup/programs.h"
#include "base/setup/questions.h"
#include "base/setup/started.h"
#include "edge-selfdestruct/program/config.h"
#include "edge-selfdestruct/setup/words.h"

namespace sp::edge_selfdestruct {
namespace {

constexpr auto packaged_config = "/etc/sallyport/selfdestruct.toml";
constexpr auto packaged_data = "/var/lib/sallyport-selfdestruct";

struct Answers {
  Standing standing;
  std::filesystem::path folder;  ///< of the service: certificates here, messages in data/
  std::string certificate_kind;
  std::string kit;  ///< empty: none
};

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

std::filesystem::path folder_of(const SetupOptions& options) {
  if (options.data) return *options.data;
  if (options.config == packaged_config) return packaged_data;
  return std::filesystem::absolute(options.config).parent_path();
}

Result<Standing> standing_of(const SetupOptions& options, const std::filesystem::path& folder,
                             bool there) {
  if (!there)
    return Standing{"https://" + host_name(), "",
                    "0.0.0.0:9443",           folder / "site.crt",
                    folder / "site.key",      folder / "intake.crt",
                    folder / "intake.key",    folder / "data"};
  const auto config = TRY(read_config(options.config));
  const auto& outside = config.host.public_side;
  const auto& inside = config.host.intake;
  return Standing{config.host.public_url,
                  outside.listen,
                  inside.listen,
                  outside.certificate,
                  outside.key,
                  inside.certificate,
                  inside.key,
                  config.host.directory};
}

Result<Answers> ask_all(setup::Questions& questions, const SetupOptions& options, bool there) {
  Answers out;
  out.folder = std::filesystem::absolute(folder_of(options));
  auto& standing = out.standing;
  standing = TRY(standing_of(options, out.folder, there));
  standing.url = TRY(questions.ask(
      {"--url", "Address of the portal, as links begin", standing.url, {}, setup::is_url},
      options.url));
  const auto place = TRY(probe::place_of(standing.url));
  if (standing.listen.empty()) standing.listen = "0.0.0.0:" + std::to_string(place.port);
  standing.listen = TRY(questions.ask(
      {"--listen", "Address and port for recipients", standing.listen, {}, setup::is_listener},
      options.listen));
  standing.intake = TRY(questions.ask(
      {"--intake", "Address and port for the core", standing.intake, {}, setup::is_listener},
      options.intake));
  const bool has_certificate = std::filesystem::exists(standing.certificate);
  out.certificate_kind =
      TRY(questions.ask({"--certificate",
                         "Certificate",
                         has_certificate ? setup::keep : setup::self_signed,
                         {setup::self_signed, setup::internal_ca, setup::from_files, setup::keep},
                         {}},
                        options.certificate));
  const bool enrolled = std::filesystem::exists(standing.data / "link.key");
  if (!enrolled || options.kit)
    out.kit =
        TRY(questions.ask({"--kit", "Kit of the core (empty: later)", "", {}, {}}, options.kit));
  return out;
}

Outcome make_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  if (std::filesystem::is_directory(folder, failure)) return {};
  std::filesystem::create_directories(folder, failure);
  if (failure)
    return Error{Code::unavailable, "cannot make the folder " + folder.string() +
                                        "; run this as root, or say --data FOLDER"};
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failure);
  return {};
}

// The intake's key is pinned at enrolment: what is there stays.
Outcome make_certificates(const SetupOptions& options, const Answers& answers) {
  const auto& standing = answers.standing;
  const auto site = TRY(probe::place_of(standing.url));
  TRY(setup::make_certificate(
          {answers.certificate_kind, site.host, standing.certificate.parent_path(),
           standing.certificate.stem().string(), options.certificate_file.value_or(""),
           options.key_file.value_or("")})
          .within("the certificate"));
  if (std::filesystem::exists(standing.intake_certificate)) return {};
  return setup::make_certificate({setup::self_signed,
                                  site.host,
                                  standing.intake_certificate.parent_path(),
                                  standing.intake_certificate.stem().string(),
                                  {},
                                  {}})
      .within("the intake's certificate");
}

// True when it changed. It holds no secret: the service's user must be able to read it.
Result<bool> write_configuration(const SetupOptions& options, const Answers& answers, bool there) {
  std::string before;
  if (there) before = bytes::text(TRY(config::read_file(options.config)));
  const auto after = configuration(before, answers.standing);
  if (after == before) return false;
  TRY(config::write_file(options.config, bytes::of(after), 0644));
  return true;
}

// By a program of its own, since it shuts itself off from everything first. The kit is copied to
// where the service's user may read it, and the copy removed.
Outcome enrol_here(const SetupOptions& options, const Answers& answers) {
  if (answers.kit.empty()) return {};
  const auto copy = answers.folder / ".kit";
  const auto kit = TRY(config::read_secret_file(answers.kit).within("--kit"));
  {
    const auto owner = TRY(setup::AsOwner::of(answers.folder));
    TRY(config::write_file(copy, kit.expose(), 0600));
  }
  const auto ran = setup::run(
      setup::as_owner_of(answers.folder, {setup::myself(), "enrol", copy.string(), "--config",
                                          std::filesystem::absolute(options.config).string()}));
  std::error_code ignored;
  std::filesystem::remove(copy, ignored);
  if (!ran) return ran.error();
  if (ran->status != 0) return Error{Code::invalid_input, "the kit was not taken: " + ran->output};
  fmt::print("Enrolled: the core can reach this edge now. Delete the kit {}.\n", answers.kit);
  return {};
}

Outcome look(const SetupOptions& options, const Answers& answers, bool changed) {
  const auto site = TRY(probe::place_of(answers.standing.url));
  const setup::Started wish{.service = "sallyport-selfdestruct",
                            .config = options.config,
                            .folder = answers.folder,
                            .listener = TRY(probe::listener_of(answers.standing.listen)),
                            .host = site.host,
                            .path = "/m/AAAAAAAAAAAAAAAAAAAAAA",
                            .changed = changed};
  const auto look = TRY(setup::start_and_look(wish));
  if (look.seen.status != 200)
    return Error{Code::unavailable,
                 fmt::format("the portal answers with status {}; see its log", look.seen.status)};
  fmt::print("The portal answers over {}.\n", look.seen.protocol);
  if (look.how == setup::How::for_look)
    fmt::print(
        "It ran for this look alone. Run it with: sallyport-selfdestruct serve --config {}\n",
        options.config.string());
  if (look.how == setup::How::running && changed)
    fmt::print("It runs with what stood before: restart it.\n");
  const auto roots = setup::roots_of(answers.standing.certificate);
  auto judged = probe::trusted(look.seen.chain, site.host, roots, SystemClock{}.now());
  if (!judged) return std::move(judged.error()).within("its certificate");
  if (!roots.empty())
    fmt::print(
        "Recipients' browsers will warn until they trust its own authority, so this is for "
        "trying: use a certificate of a public authority.\n");
  if (!probe::addresses_of(site.host))
    fmt::print(
        "The name {} has no address yet: add it to your DNS, with the address of this "
        "machine.\n",
        site.host);
  return {};
}

void show(const Answers& answers, const std::filesystem::path& config) {
  const auto& standing = answers.standing;
  fmt::print(
      "What stands in {}:\n  portal       {}\n  recipients   {}\n  the core     {}\n"
      "  certificate  {}\n",
      config.string(), standing.url, standing.listen, standing.intake,
      standing.certificate.string());
}

Outcome set_up(const SetupOptions& options) {
  std::error_code ignored;
  const bool there = std::filesystem::exists(options.config, ignored);
  const bool terminal = ::isatty(STDIN_FILENO) == 1 && !options.non_interactive;
  if (!terminal && !options.non_interactive)
    return Error{Code::invalid_input,
                 "there is no terminal to ask on; say --non-interactive and answer by options"};
  setup::Questions questions{terminal, std::cin, std::cout};
  const auto answers = TRY(ask_all(questions, options, there));
  TRY(make_folder(answers.folder));
  TRY(make_certificates(options, answers));
  const bool changed = TRY(write_configuration(options, answers, there));
  show(answers, options.config);
  TRY(enrol_here(options, answers));
  const bool anew = changed || answers.certificate_kind != setup::keep || !answers.kit.empty();
  if (!options.no_start) TRY(look(options, answers, anew));
  fmt::print("\n{}", firewall_words(answers.standing));
  const bool enrolled = std::filesystem::exists(answers.standing.data / "link.key");
  if (!enrolled)
    fmt::print(
        "\nNext: add this edge at the core under Sites, bring its kit here, and run: "
        "sallyport-selfdestruct setup --kit KIT\n");
  return {};
}

}  // namespace

int setup(const SetupOptions& options) {
  const auto outcome = set_up(options);
  std::fflush(stdout);
  if (outcome) return 0;
  fmt::print(stderr, "sallyport-selfdestruct: error: {}\n", outcome.error().detail());
  return exit_code(outcome.error().code());
}

}  // namespace sp::edge_selfdestruct
