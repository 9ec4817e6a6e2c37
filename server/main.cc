// wonbond: the server.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "server/config/config.h"
#include "server/event_loop.h"
#include "server/folder_commands.h"
#include "server/log.h"
#include "server/process.h"
#include "server/server.h"
#include "server/systemd.h"

// The allocator gives pages back that were freed, also those of threads that rest: what
// --memory-limit counts goes down when documents go.
extern "C" {
const char* malloc_conf = "background_thread:true";  // NOLINT: jemalloc's name for it
}

namespace wonbon::server {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;
constexpr int kOutOfMemory = 3;
constexpr double kFlushSeconds = 30;

// The system has no memory left. No step is undone by hand: what was answered is on disk, and what
// was not is not there after the next start. Ending here is what keeps it so; an exception on its
// way through a half-applied change would not.
[[noreturn]] void EndForWantOfMemory() {
  constexpr char kMessage[] =
      "wonbond: out of memory: ending; what was answered is on disk. Start again with more memory, "
      "or with a lower --memory-limit\n";
  // Nothing that allocates.
  const ssize_t ignored = write(STDERR_FILENO, kMessage, sizeof(kMessage) - 1);
  static_cast<void>(ignored);
  std::_Exit(kOutOfMemory);
}

int Complain(const absl::Status& status, int exit_code) {
  std::fprintf(stderr, "wonbond: %s\n", std::string(status.message()).c_str());
  return exit_code;
}

LogLevel LevelOf(const std::string& name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "warning") return LogLevel::kWarning;
  if (name == "error") return LogLevel::kError;
  return LogLevel::kInfo;
}

// The first SIGTERM or SIGINT asks for a drain, the second ends the process at once; so does the
// first while the index is still loading, when nothing was answered yet. SIGHUP renews keys
// and certificates.
class Signals {
 public:
  Signals() {
    loop_.OnHangUp([this] {
      Server* const server = serving_;
      if (server == nullptr) return LogInfo("SIGHUP: not serving yet, nothing to reload");
      LogInfo("SIGHUP: reading the files of keys and certificates again");
      server->Reload();
    });
    loop_.OnTermination([this](int signal) {
      const bool serving = serving_ != nullptr;
      if (!serving || asked_.HasBeenNotified()) {
        LogWarning(absl::StrCat("signal ", signal, ": exiting at once"));
        std::_Exit(serving ? kFailed : EXIT_SUCCESS);
      }
      LogInfo(absl::StrCat("signal ", signal, ": finishing the calls in progress"));
      asked_.Notify();
    });
  }
  // `server` must outlive this.
  void Serving(Server& server) { serving_ = &server; }
  void Wait() { asked_.WaitForNotification(); }

 private:
  std::atomic<Server*> serving_{nullptr};
  absl::Notification asked_;
  EventLoop loop_;
};

int Serve(const Config& config) {
  SetUpLog(config.log_format == "json" ? LogFormat::kJson : LogFormat::kText,
           LevelOf(config.log_level));
  RouteLibraryLogs();
  std::signal(SIGPIPE, SIG_IGN);
  KeepToItself();
  // Debian's abseil looks for cycles of locks at each lock, gRPC's too: what tests are for.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  std::set_new_handler(EndForWantOfMemory);
  LogInfo("wonbond starts", {{"version", WONBON_VERSION},
                             {"pid", getpid()},
                             {"data", config.data_dir},
                             {"durability", config.durability}});
  absl::StatusOr<std::unique_ptr<Server>> server;  // outlives whoever acts on signals
  Signals signals;
  server = Server::Start(config);
  if (!server.ok()) return Complain(server.status(), kFailed);
  signals.Serving(**server);
  const std::string& admin = (*server)->admin_address();
  const std::string& http = (*server)->http_address();
  const std::string line = absl::StrCat("wonbond ready: grpc ", (*server)->grpc_address(),
                                        " admin ", admin.empty() ? "off" : admin,
                                        http.empty() ? "" : " http ", http);
  LogInfo(line, {{"data", std::filesystem::absolute(config.data_dir).string()},
                 {"ask", absl::StrCat("wonbon --endpoint=", (*server)->grpc_address(), " stats")},
                 {"stop", absl::StrCat("kill ", getpid())}});
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  TellReady(line);
  signals.Wait();
  // The engine flushes behind the last call.
  TellStopping(absl::ToDoubleSeconds(config.drain_timeout) + kFlushSeconds);
  const absl::Status drained = (*server)->Shutdown();
  if (!drained.ok()) return Complain(drained, kFailed);
  LogInfo("stopped");
  return EXIT_SUCCESS;
}

int Main(int argc, const char* const* argv) {
  const absl::StatusOr<CommandLine> line = ReadCommandLine(argc, argv);
  if (!line.ok()) return Complain(line.status(), kBadUsage);
  switch (line->action) {
    case CommandLine::Action::kShow: std::fputs(line->text.c_str(), stdout); return EXIT_SUCCESS;
    case CommandLine::Action::kPrintConfig:
      std::fputs(Print(line->config).c_str(), stdout);
      return EXIT_SUCCESS;
    case CommandLine::Action::kExampleConfig:
      std::fputs(Example(line->config).c_str(), stdout);
      return EXIT_SUCCESS;
    case CommandLine::Action::kCheckConfig: std::puts("the configuration is valid"); return 0;
    case CommandLine::Action::kVerify: {
      const absl::StatusOr<bool> whole = Verify(line->folder);
      if (!whole.ok()) return Complain(whole.status(), kFailed);
      return *whole ? EXIT_SUCCESS : kFailed;
    }
    case CommandLine::Action::kSalvage: {
      const absl::Status saved =
          Salvage(line->folder, line->new_folder, line->config.seed_file);
      return saved.ok() ? EXIT_SUCCESS : Complain(saved, kFailed);
    }
    case CommandLine::Action::kRestore: {
      const absl::Status restored =
          Restore(line->folder, line->new_folder, line->config.seed_file);
      return restored.ok() ? EXIT_SUCCESS : Complain(restored, kFailed);
    }
    case CommandLine::Action::kServe: break;
  }
  return Serve(line->config);
}

}  // namespace
}  // namespace wonbon::server

int main(int argc, char** argv) { return wonbon::server::Main(argc, argv); }
