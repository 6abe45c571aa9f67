#include "certs/verify/path.h"

#include <algorithm>
#include <map>

namespace sp::certs::verify {
namespace {

constexpr std::size_t most_signatures = 2000;
constexpr std::size_t most_steps = 20'000;
constexpr std::size_t most_paths = 200;
constexpr std::size_t longest_path = 32;

bool same(const Certificate& a, const Certificate& b) {
  return std::ranges::equal(a.view.der(), b.view.der());
}

/// Cheap: names, and key identifiers where both are there (RFC 4158 section 3.5.12).
bool could_be_issuer(const Certificate& issuer, const Certificate& subject) {
  if (::X509_NAME_cmp(::X509_get_subject_name(issuer.x509.get()),
                      ::X509_get_issuer_name(subject.x509.get())) != 0)
    return false;
  const auto& wanted = subject.view.authority_key;
  const auto& given = issuer.view.subject_key;
  return !wanted || !wanted->id || !given || std::ranges::equal(*wanted->id, *given);
}

class Walk {
 public:
  Walk(const Question& question, const std::function<bool(Path)>& accept)
      : question_(question), accept_(accept), path_{&question.leaf} {}

  Search run() {
    for (const auto& root : *question_.roots)
      if (same(root, question_.leaf) && finish()) return Search::found;
    if (step()) return Search::found;
    return spent_ ? Search::out_of_budget : Search::exhausted;
  }

 private:
  bool step() {
    if (path_.size() == longest_path || ++steps_ > most_steps) spent_ = true;
    if (spent_) return false;
    for (const auto* pool : {question_.roots.get(), &question_.intermediates})
      for (const auto& candidate : *pool) {
        if (is_in_path(candidate) || !could_be_issuer(candidate, *path_.back()) ||
            !signed_by(*path_.back(), candidate))
          continue;
        path_.push_back(&candidate);
        const bool done = pool == question_.roots.get() ? finish() : step();
        if (done) return true;
        path_.pop_back();
        if (spent_) return false;
      }
    return false;
  }

  bool finish() {
    if (++paths_ > most_paths) spent_ = true;
    return !spent_ && accept_(path_);
  }

  [[nodiscard]] bool is_in_path(const Certificate& candidate) const {
    // The same name and key under another signature is a loop too.
    return std::ranges::any_of(path_, [&](const Certificate* one) {
      return std::ranges::equal(one->view.subject.der, candidate.view.subject.der) &&
             std::ranges::equal(one->view.key_bits, candidate.view.key_bits);
    });
  }

  bool signed_by(const Certificate& subject, const Certificate& issuer) {
    const auto [known, is_new] = signatures_.try_emplace({&subject, &issuer}, false);
    if (!is_new) return known->second;
    if (signatures_.size() > most_signatures) {
      spent_ = true;
      return false;
    }
    auto* key = ::X509_get0_pubkey(issuer.x509.get());
    known->second = key != nullptr && ::X509_verify(subject.x509.get(), key) == 1;
    if (!known->second) static_cast<void>(openssl::failure("verify"));  // empties the queue
    return known->second;
  }

  const Question& question_;
  const std::function<bool(Path)>& accept_;
  std::vector<const Certificate*> path_;
  std::map<std::pair<const Certificate*, const Certificate*>, bool> signatures_;
  std::size_t steps_ = 0;
  std::size_t paths_ = 0;
  bool spent_ = false;
};

}  // namespace

Search find_path(const Question& question, const std::function<bool(Path)>& accept) {
  return Walk{question, accept}.run();
}

}  // namespace sp::certs::verify
