#pragma once
// `sallyport-core doctor`: what is wrong with this core, why it matters and what to do.

#include <filesystem>
#include <functional>

namespace sp::commandline {
class App;
}

namespace sp::core {

/// 0 when nothing is bad, 1 when something is.
int doctor(const std::filesystem::path& config, bool json);
/// Adds the command; `done` gets its exit code.
void add_doctor(commandline::App& app, std::function<void(int)> done);

}  // namespace sp::core
