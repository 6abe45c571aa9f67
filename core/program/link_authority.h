#pragma once
// link-authority: who signs the edges' identities, which edges show one, and the next authority.

#include <filesystem>
#include <functional>
#include <string>

#include "core/identities/identities.h"

namespace sp::commandline {
class App;
}

namespace sp::core {

/// Adds the command; `done` gets the exit code.
void add_link_authority(commandline::App& app, std::function<void(int)> done);

/// For programs.
std::string link_authority_json(const identities::State& state);

}  // namespace sp::core
