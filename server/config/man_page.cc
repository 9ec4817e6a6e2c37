#include "server/config/man_page.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace wonbon::server {
namespace {

// Text as man(7) takes it: a backslash and a minus are spelt, and a line that begins with a control
// character is none of its commands.
std::string Plain(const std::string& text) {
  return absl::StrCat("\\&", absl::StrReplaceAll(text, {{"\\", "\\e"}, {"-", "\\-"},
                                                        {"\n.", "\n\\&."}, {"\n'", "\n\\&'"}}));
}

constexpr char kAfterwards[] = R"(.SH SIGNALS
.TP
SIGTERM, SIGINT
Not ready any more; what was accepted is finished and flushed; exit status 0. A second one ends at
once.
.TP
SIGHUP
The files of keys and certificates are read again, and the audit log is opened anew.
.SH EXIT STATUS
.TP
0
Stopped as it was told to, or done what was asked.
.TP
1
It did not start, or stopped with answers that it could not bring to disk, or found damage.
.TP
2
Wrong usage, or settings that contradict each other.
.TP
3
The system has no memory left. What was answered is on disk.
.SH FILES
.TP
/etc/wonbon/wonbond.toml
Settings of the service, each with what it means.
.TP
/var/lib/wonbon
What the service remembers.
.TP
/usr/share/doc/wonbond
The guide.
.SH SEE ALSO
.BR wonbon (1)
)";

}  // namespace

std::string ManPage(const std::string& description, std::span<const DescribedFlag> flags) {
  std::string page =
      ".TH WONBOND 8 \"\" \"wonbond " WONBON_VERSION "\"\n.SH NAME\nwonbond \\- "
      "near\\-duplicate detection for Korean news\n.SH SYNOPSIS\n.B wonbond\n"
      "[\\fIOPTIONS\\fR]\n.SH DESCRIPTION\n";
  absl::StrAppend(&page, Plain(description), "\n.SH OPTIONS\n");
  for (const DescribedFlag& flag : flags) {
    absl::StrAppend(&page, ".TP\n.B ", Plain(flag.written), "\n", Plain(flag.description), "\n");
  }
  return page + kAfterwards;
}

}  // namespace wonbon::server
