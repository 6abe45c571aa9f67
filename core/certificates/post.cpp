#include "core/certificates/post.h"

#include "core/messages/letters.h"

namespace sp::certificates {
namespace {

constexpr int most_administrators = 200;

Result<std::vector<mail::Mailbox>> administrators(people::People& people) {
  const auto system = access::system_actor();
  const auto permit = TRY(access::authorise(system, access::Action::people_read));
  std::vector<mail::Mailbox> out;
  for (const auto& person : TRY(people.list(permit, "", "", most_administrators)))
    if (person.role == access::Role::administrator && !person.disabled && person.email &&
        mail::is_address(*person.email))
      out.push_back({*person.email, person.name});
  return out;
}

}  // namespace

Result<Post> post_of(settings::Settings& settings, people::People& people) {
  Post post{TRY(settings.current()), {}};
  if (messages::can_mail(post.settings)) post.to = TRY(administrators(people));
  return post;
}

}  // namespace sp::certificates
