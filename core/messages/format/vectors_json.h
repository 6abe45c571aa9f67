#pragma once
// The vectors of core/messages/testdata/message-v1.json, for tests. The page's tests load them too.

#include <optional>
#include <string>
#include <vector>

#include "base/bytes/bytes.h"
#include "core/messages/format/content.h"
#include "core/messages/format/keys.h"
#include "core/messages/format/stretch.h"

namespace sp::messages::testing {

struct Vector {
  std::string name;
  MessageId id;
  LinkSecret link;
  std::optional<Secret> passphrase;
  Salt salt{};
  StretchCost cost;
  Bytes link_proof, pass_proof, content_key;
  Content content;
  std::vector<Bytes> files;
  Bytes sealed;
};
/// Read from the file itself; the tests run at the top of the repository.
std::vector<Vector> load_vectors();

}  // namespace sp::messages::testing
