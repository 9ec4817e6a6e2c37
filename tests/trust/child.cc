#include "tests/trust/child.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "core/check.h"

namespace wonbon::trust {
namespace {

std::string ReadAll(int fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(fd, buffer, sizeof buffer)) > 0;) text.append(buffer, got);
  return text;
}

}  // namespace

Ending InChild(const std::function<int(std::string* out)>& work, unsigned seconds) {
  int ends[2];
  WONBON_CHECK(pipe(ends) == 0);
  std::fflush(nullptr);
  const pid_t child = fork();
  WONBON_CHECK(child >= 0);
  if (child == 0) {
    close(ends[0]);
    alarm(seconds);
    std::string out;
    const int code = work(&out);
    const ssize_t ignored = write(ends[1], out.data(), out.size());
    static_cast<void>(ignored);
    _exit(code);
  }
  close(ends[1]);
  Ending ending;
  ending.words = ReadAll(ends[0]);
  close(ends[0]);
  int status = 0;
  WONBON_CHECK(waitpid(child, &status, 0) == child);
  ending.killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  ending.died = WIFSIGNALED(status) && !ending.killed;
  ending.code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  if (ending.died) ending.words = std::string("ended by ") + strsignal(WTERMSIG(status));
  return ending;
}

}  // namespace wonbon::trust
