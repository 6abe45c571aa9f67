#include "core/messages/send.h"

#include <algorithm>

#include "core/edges/queue.h"
#include "core/messages/format/seal.h"
#include "core/messages/internal/rows.h"
#include "pushpull/items/items.h"

namespace sp::messages {
namespace {

constexpr Duration staged_for = std::chrono::hours{1};

// What `seal` gave: either all of it, or chunks that were put down already.
struct SealedContent {
  Bytes data;
  std::vector<edges::BodyRef> chunks;
  std::uint64_t size = 0;
};

// Cuts the segments into chunks; a content of one chunk stays in memory.
class Chunker {
 public:
  Chunker(const Context& context, SealedContent& out, bool in_one)
      : context_(context), out_(out), in_one_(in_one) {}

  Outcome take(BytesView segment) {
    out_.size += segment.size();
    while (!segment.empty()) {
      const auto room = pushpull::chunk_size - pending_.size();
      const auto count = std::min(segment.size(), room);
      bytes::append(pending_, segment.first(count));
      segment = segment.subspan(count);
      if (pending_.size() == pushpull::chunk_size && !in_one_) TRY(put_down());
    }
    return {};
  }
  Outcome finish() {
    if (in_one_) {
      out_.data = std::move(pending_);
      return {};
    }
    return pending_.empty() ? Outcome{} : put_down();
  }

 private:
  Outcome put_down() {
    const auto index = static_cast<std::uint32_t>(out_.chunks.size());
    const auto body = pushpull::encode(pushpull::MessageChunk{index, std::move(pending_)});
    pending_ = {};
    out_.chunks.push_back(TRY(context_.store.write([&](store::Transaction& transaction) {
      return edges::put_down(transaction, context_.keyring, context_.random, body,
                             context_.clock.now() + staged_for);
    })));
    return {};
  }
  const Context& context_;
  SealedContent& out_;
  bool in_one_;
  Bytes pending_;
};

Result<SealedContent> seal_content(const Context& context, const Keys& keys, const MessageId& id,
                                   const Plan& plan) {
  const auto size = TRY(sealed_size(plan.content));
  SealedContent out;
  Chunker chunker{context, out, size <= pushpull::chunk_size};
  TRY(seal(keys.content, id, plan.content, read_uploads(context, plan.uploads),
           [&](BytesView segment) { return chunker.take(segment); }));
  TRY(chunker.finish());
  return out;
}

struct Protection {
  std::optional<Salt> salt;
  StretchCost cost;
  StretchedPassphrase pass;
};
Result<Protection> protect(const Context& context, Stretcher& stretcher,
                           const std::optional<Secret>& passphrase) {
  Protection out;
  if (!passphrase) return out;
  out.salt = context.random.bytes<16>();
  out.pass = TRY(stretcher.stretch(*passphrase, *out.salt, out.cost));
  return out;
}

pushpull::MessagePut put_of(const Plan& plan, const Keys& keys, const Protection& protection,
                            const Message& message, SealedContent& sealed) {
  pushpull::MessagePut put;
  put.link = openssl::sha256(keys.link_proof);
  if (protection.salt) {
    put.pass = openssl::sha256(keys.pass_proof);
    put.salt = protection.salt;
    put.memory_kib = protection.cost.memory_kib;
    put.passes = protection.cost.passes;
  }
  put.views = static_cast<std::uint32_t>(message.views);
  put.attempts = static_cast<std::uint32_t>(plan.wanted.attempts);
  put.expires_at = message.expires_at;
  put.grace = plan.wanted.grace;
  if (plan.wanted.show_sender) put.sender = message.sender_name;
  put.size = sealed.size;
  put.chunks = static_cast<std::uint32_t>(sealed.chunks.size());
  put.data = std::move(sealed.data);
  return put;
}

Message message_of(const people::Person& sender, const Plan& plan, const MessageId& id,
                   Instant now) {
  Message out;
  out.id = id.text();
  out.owner = sender.id;
  out.sender_login = sender.login;
  out.sender_name = sender.name;
  out.sender_email = sender.email.value_or("");
  out.edge = plan.edge.id;
  out.edge_name = plan.edge.name;
  out.subject = plan.wanted.subject;
  out.to = plan.wanted.to;
  out.to_name = plan.wanted.to_name;
  out.language = plan.wanted.language;
  out.created_at = now;
  out.expires_at = now + *plan.wanted.life;
  out.views = out.views_left = *plan.wanted.views;
  out.has_passphrase = plan.wanted.passphrase.has_value();
  if (out.has_passphrase) out.attempts_left = plan.wanted.attempts;
  out.notify = plan.wanted.notify;
  out.files = static_cast<std::int64_t>(plan.uploads.size());
  out.size = static_cast<std::int64_t>(plan.content.text.size() + plan.content.files_size());
  for (const auto& field : plan.content.fields)
    out.size += static_cast<std::int64_t>(field.name.size() + field.value.size());
  if (out.to && can_mail(plan.settings)) out.mail = MailState::queued;
  return out;
}

struct Numbers {
  std::uint64_t first, put;
};
Outcome insert(store::Transaction& transaction, const Message& message, const MessageId& id,
               const Numbers& numbers) {
  const auto search = search_text(message.to.value_or("") + "\n" + message.to_name.value_or("") +
                                  "\n" + message.subject.value_or(""));
  TRY(transaction.run(
      "INSERT INTO messages (id, hash, owner, sender_login, sender_name, sender_email, edge, "
      "first_seq, put_seq, state, "
      "subject, recipient, recipient_name, search, language, created_at, expires_at, views, "
      "views_left, has_passphrase, "
      "attempts_left, notify, files, size, mail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
      "'queued', $10, $11, $12, "
      "$13, $14, $15, $16, $17, $17, $18, $19, $20, $21, $22, $23)",
      message.id, id.digest(), message.owner, message.sender_login, message.sender_name,
      message.sender_email, message.edge, numbers.first, numbers.put, message.subject, message.to,
      message.to_name, search, message.language, message.created_at, message.expires_at,
      message.views, message.has_passphrase, message.attempts_left, message.notify, message.files,
      message.size, name(message.mail)));
  return rows::note(transaction, message.id,
                    {message.created_at, "message.created", {}, {}, {}, {}});
}

Result<Numbers> queue(const Context& context, store::Transaction& transaction,
                      const Message& message, const MessageId& id, const SealedContent& sealed,
                      BytesView put) {
  const auto hash = bytes::copy(id.digest());
  std::vector<edges::NewItem> items;
  for (const auto& chunk : sealed.chunks)
    items.push_back({pushpull::kind::message_chunk, hash, chunk});
  auto put_body = TRY(edges::put_down(transaction, context.keyring, context.random, put,
                                      message.created_at + staged_for));
  items.push_back({pushpull::kind::message_put, hash, std::move(put_body)});
  const auto first = TRY(edges::append(transaction, message.edge, items));
  return Numbers{first, first + items.size() - 1};
}

audit::Entry sent_entry(const access::Actor& actor, const Message& message) {
  using audit::Detail;
  audit::Entry entry{audit::Event::message_sent,  audit::Ending::success, access::who(actor),
                     {"message", message.id, ""}, actor.source,           {}};
  entry.details = {{Detail::edge, message.edge_name},
                   {Detail::expires_at, rfc3339(message.expires_at)},
                   {Detail::views, std::to_string(message.views)},
                   {Detail::files, std::to_string(message.files)},
                   {Detail::size, std::to_string(message.size)},
                   {Detail::passphrase, message.has_passphrase ? "yes" : "no"},
                   {Detail::to, message.to.value_or("")}};
  return entry;
}

}  // namespace

Result<Sent> Sender::send(const access::Permit& permit, Plan plan, const Within& within) const {
  permit.expect(access::Action::messages_write);
  ensure(plan.problems.empty());
  const auto& actor = permit.actor();
  const auto id = MessageId::random(context_.random);
  const auto link = LinkSecret::random(context_.random);
  const auto protection = TRY(protect(context_, stretcher_, plan.wanted.passphrase));
  const auto keys = derive_keys(id, link, protection.pass);
  auto sealed = TRY(seal_content(context_, keys, id, plan));
  const auto sender = TRY(people_.of(actor));
  const auto message = message_of(sender, plan, id, context_.clock.now());
  const auto put = pushpull::encode(put_of(plan, keys, protection, message, sealed));
  Sent sent{message, link_url(plan.edge.public_url, id, link)};

  const auto invite = [&](store::Transaction& transaction) -> Outcome {
    if (message.mail != MailState::queued) return {};
    const auto letter =
        invitation({plan.settings, site_url_}, {message, sent.url, plan.wanted.mail_body});
    return mail::enqueue({context_.store, context_.keyring, context_.clock, context_.random},
                         transaction, letter);
  };
  auto written = context_.store.write([&](store::Transaction& transaction) -> Outcome {
    const auto numbers = TRY(queue(context_, transaction, message, id, sealed, put));
    TRY(insert(transaction, message, id, numbers));
    TRY(invite(transaction));
    for (const auto& upload : plan.uploads)
      TRY(forget_upload(transaction, actor.person, upload.id));
    if (within) TRY(within(transaction, sent));
    transaction.after_commit([this, edge = message.edge] { wake_(edge); });
    return context_.audit.append(transaction, sent_entry(actor, message));
  });
  TRY(std::move(written));
  return sent;
}

Result<Message> destroy(const Context& context, const access::Permit& permit, std::string_view id,
                        const Sender::Wake& wake) {
  permit.expect(access::Action::messages_write);
  return context.store.write([&](store::Transaction& transaction) -> Result<Message> {
    auto message = TRY(rows::locked(transaction, id));
    if (!message) return Error{Code::not_found, "message: unknown"};
    const auto now = context.clock.now();
    const bool ended = TRY(rows::end(transaction, *message, {State::revoked, Reason::sender, now}));
    if (!ended) return *std::move(message);

    const auto parsed = TRY(MessageId::parse(message->id));
    auto body = TRY(edges::put_down(transaction, context.keyring, context.random,
                                    pushpull::empty_body(), now + staged_for));
    TRY(edges::append(transaction, message->edge,
                      {{pushpull::kind::message_revoke, bytes::copy(parsed.digest()), body}}));
    if (TRY(mail::withdraw(transaction, message->id))) {
      TRY(transaction.run("UPDATE messages SET mail = 'none' WHERE id = $1", message->id));
      message->mail = MailState::none;
    }
    transaction.after_commit([&wake, edge = message->edge] { wake(edge); });
    TRY(context.audit.append(transaction, {audit::Event::message_revoked,
                                           audit::Ending::success,
                                           access::who(permit.actor()),
                                           {"message", message->id, ""},
                                           permit.actor().source,
                                           {}}));
    return *std::move(message);
  });
}

}  // namespace sp::messages
