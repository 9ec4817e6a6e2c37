// wonbond: the server.
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "server/config/config.h"
#include "server/event_loop.h"
#include "server/log.h"
#include "server/server.h"

namespace wonbon::server {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

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

// The first signal asks for a drain, the second ends the process at once; so does the first while
// the index is still loading, when nothing was answered yet.
class Termination {
 public:
  Termination() {
    loop_.OnTermination([this](int signal) {
      if (!serving_ || asked_.HasBeenNotified()) {
        LogWarning(absl::StrCat("signal ", signal, ": exiting at once"));
        std::_Exit(serving_ ? kFailed : EXIT_SUCCESS);
      }
      LogInfo(absl::StrCat("signal ", signal, ": finishing the calls in progress"));
      asked_.Notify();
    });
  }
  void Serving() { serving_ = true; }
  void Wait() { asked_.WaitForNotification(); }

 private:
  std::atomic<bool> serving_{false};
  absl::Notification asked_;
  EventLoop loop_;
};

int Serve(const Config& config) {
  SetUpLog(config.log_format == "json" ? LogFormat::kJson : LogFormat::kText,
           LevelOf(config.log_level));
  RouteLibraryLogs();
  std::signal(SIGPIPE, SIG_IGN);
  Termination termination;
  absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(config);
  if (!server.ok()) return Complain(server.status(), kFailed);
  termination.Serving();
  const std::string& admin = (*server)->admin_address();
  const std::string line = absl::StrCat("wonbond ready: grpc ", (*server)->grpc_address(),
                                        " admin ", admin.empty() ? "off" : admin);
  LogInfo(line);
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  termination.Wait();
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
    case CommandLine::Action::kCheckConfig: std::puts("the configuration is valid"); return 0;
    case CommandLine::Action::kServe: break;
  }
  return Serve(line->config);
}

}  // namespace
}  // namespace wonbon::server

int main(int argc, char** argv) { return wonbon::server::Main(argc, argv); }
