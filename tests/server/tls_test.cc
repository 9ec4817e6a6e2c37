// TLS and mTLS, with certificates of a test CA (testdata/, valid for a hundred years).
#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include "gmock/gmock.h"
#include "server/limits.h"
#include "tests/server/running_server.h"

namespace wonbon {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string TestData(const std::string& name) { return std::string(WONBON_TEST_DATA) + "/" + name; }

std::string Contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class TlsTest : public RunningServer {
 protected:
  void SetUp() override {
    config_.insecure = false;
    config_.tls_cert = folder_.path() / "server.pem";
    config_.tls_key = folder_.path() / "server.key";
    Install("server");
  }

  void Install(const std::string& name) {
    // By renaming, as a certificate agent would: the server never sees half a file.
    for (const std::string end : {".key", ".pem"}) {
      const std::string to = folder_.path() / (std::string("server") + end);
      Write(to + ".new", Contents(TestData(name + end)));
      std::filesystem::rename(to + ".new", to);
    }
  }

  // In place, for the owner alone.
  static void Write(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::trunc) << text;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read |
                                           std::filesystem::perms::owner_write);
  }

  std::string RefusalAtStart() {
    const auto started = server::Server::Start(config_);
    return started.ok() ? "" : std::string(started.status().message());
  }

  // Whether /readyz says `words`, within a while.
  bool BecomesReadyWith(const std::string& words) {
    for (int i = 0; i < 100; ++i) {
      if (HttpGet("/readyz").find(words) != std::string::npos) return true;
      absl::SleepFor(absl::Milliseconds(100));
    }
    return false;
  }

  grpc::Status Call(bool with_client_certificate, std::string* peer = nullptr) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = Contents(TestData("ca.pem"));
    if (with_client_certificate) {
      options.pem_cert_chain = Contents(TestData("client.pem"));
      options.pem_private_key = Contents(TestData("client.key"));
    }
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto stub = v1::AdminService::NewStub(grpc::CreateCustomChannel(
        server_->grpc_address(), grpc::SslCredentials(options), arguments));
    v1::GetStatsResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
    const grpc::Status status = stub->GetStats(&context, {}, &response);
    if (peer != nullptr && status.ok()) {
      const auto names = context.auth_context()->FindPropertyValues("x509_common_name");
      *peer = names.empty() ? "" : std::string(names[0].data(), names[0].size());
    }
    return status;
  }
};

TEST_F(TlsTest, ServesClientsThatTrustItsCertificateAndNoPlaintext) {
  Start();
  EXPECT_TRUE(Call(false).ok());
  v1::GetStatsResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
  EXPECT_FALSE(admin_->GetStats(&context, {}, &response).ok()) << "the fixture's channel is plain";
}

TEST_F(TlsTest, AClientCaShutsOutClientsWithoutACertificate) {
  config_.tls_client_ca = TestData("ca.pem");
  Start();
  EXPECT_EQ(Call(false).error_code(), grpc::StatusCode::UNAVAILABLE);
  const grpc::Status status = Call(true);
  EXPECT_TRUE(status.ok()) << status.error_message();
  // The server asks its own port, without a certificate that it would take.
  absl::SleepFor(server::kPortProbeInterval + absl::Seconds(1));
  EXPECT_THAT(HttpGet("/readyz"), HasSubstr(" 200 "));
}

TEST_F(TlsTest, ARenewedCertificateIsServedWithoutARestart) {
  Start();
  std::string peer;
  ASSERT_TRUE(Call(false, &peer).ok());
  EXPECT_EQ(peer, "server");
  Install("server2");
  for (int i = 0; i < 50 && peer != "server2"; ++i) {
    absl::SleepFor(absl::Milliseconds(200));
    Call(false, &peer);
  }
  EXPECT_EQ(peer, "server2");
}

TEST_F(TlsTest, UnreadableFilesAreNamed) {
  config_.tls_key = folder_.path() / "missing.key";
  const std::string refusal = RefusalAtStart();
  EXPECT_THAT(refusal, HasSubstr("tls_key"));
  EXPECT_THAT(refusal, HasSubstr("missing.key"));
}

TEST_F(TlsTest, FilesThatWouldServeNobodyAreRefusedAtStart) {
  const std::string cert = Contents(config_.tls_cert);
  const std::string key = Contents(config_.tls_key);
  const std::string end = "-----END CERTIFICATE-----";
  const struct {
    const char* what;
    std::string cert, key;
    const char* refusal;
  } cases[] = {
      {"empty certificate", "", key, "tls_cert"},
      {"empty key", cert, "", "tls_key"},
      {"garbage for a certificate", "-----BEGIN CERTIFICATE-----\nxyz\n" + end, key, "tls_cert"},
      {"garbage for a key", cert, "-----BEGIN PRIVATE KEY-----\nxyz\n", "tls_key"},
      {"half a certificate", cert.substr(0, cert.size() / 2), key, "tls_cert"},
      {"half a chain", cert + cert.substr(0, cert.size() / 2), key, "cut off"},
      {"half a key", cert, key.substr(0, key.size() / 2), "tls_key"},
      {"another certificate's key", cert, Contents(TestData("server2.key")), "not the key of"},
      {"the files interchanged", key, cert, "tls_cert"},
      {"two MiB", std::string(2 << 20, '\n'), key, "larger"},
  };
  for (const auto& bad : cases) {
    SCOPED_TRACE(bad.what);
    Write(config_.tls_cert, bad.cert);
    Write(config_.tls_key, bad.key);
    EXPECT_THAT(RefusalAtStart(), HasSubstr(bad.refusal));
  }
  Install("server");
  config_.tls_client_ca = folder_.path() / "ca.pem";
  for (const std::string& ca : {std::string(), std::string("garbage"), cert.substr(0, 300)}) {
    Write(config_.tls_client_ca, ca);
    EXPECT_THAT(RefusalAtStart(), HasSubstr("tls_client_ca"));
  }
  EXPECT_FALSE(std::filesystem::exists(config_.data_dir)) << "they are looked at before the index";
}

TEST_F(TlsTest, AKeyThatOthersMayReadIsRefused) {
  for (const auto right : {std::filesystem::perms::group_read, std::filesystem::perms::others_read,
                           std::filesystem::perms::group_write}) {
    Install("server");
    std::filesystem::permissions(config_.tls_key, right, std::filesystem::perm_options::add);
    EXPECT_THAT(RefusalAtStart(), HasSubstr("chmod 600"));
  }
}

TEST_F(TlsTest, ABadRenewalIsSaidAndTheLastGoodPairIsServed) {
  Start();
  EXPECT_THAT(HttpGet("/metrics"), HasSubstr("wonbon_tls_reload_failures_total 0"));
  EXPECT_THAT(HttpGet("/metrics"), HasSubstr("wonbon_tls_certificate_expiry_seconds 4"));
  Write(config_.tls_cert, Contents(TestData("server2.pem")));  // and the key of before
  ASSERT_TRUE(BecomesReadyWith("not the key of")) << HttpGet("/readyz");
  EXPECT_THAT(HttpGet("/readyz"), HasSubstr(" 200 "));
  EXPECT_THAT(HttpGet("/metrics"), HasSubstr("wonbon_tls_reload_failures_total 1"));
  std::string peer;
  ASSERT_TRUE(Call(false, &peer).ok());
  EXPECT_EQ(peer, "server");
  Write(config_.tls_key, Contents(TestData("server2.key")));
  ASSERT_TRUE(BecomesReadyWith("Content-Length: 6\r\n")) << HttpGet("/readyz");
  ASSERT_TRUE(Call(false, &peer).ok());
  EXPECT_EQ(peer, "server2");
  EXPECT_THAT(HttpGet("/readyz"), Not(HasSubstr("TLS")));
}

TEST_F(TlsTest, NoCallFailsWhileCertificatesAreRenewedInEveryClumsyWay) {
  Start();
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::atomic<bool> done{false};
  std::atomic<int> calls{0};
  std::atomic<int> failed{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 2; ++i) {
    callers.emplace_back([&] {
      while (!done) {
        failed += !Call(false).ok();
        ++calls;
      }
    });
  }
  const std::string files[] = {config_.tls_cert, config_.tls_key};
  const std::string ends[] = {".pem", ".key"};
  for (int renewal = 0; renewal < 500; ++renewal) {
    const std::string name = random() % 2 == 0 ? "server" : "server2";
    const size_t first = random() % 2;
    for (const size_t file : {first, 1 - first}) {
      const std::string text = Contents(TestData(name + ends[file]));
      switch (random() % 5) {
        case 0: break;
        case 1: Write(files[file], ""); break;
        case 2: Write(files[file], "garbage"); break;
        case 3: Write(files[file], text.substr(0, random() % text.size())); break;
        case 4: std::filesystem::remove(files[file]); break;
      }
      if (random() % 2 == 0) server_->Reload();
      Write(files[file], text);
      if (random() % 2 == 0) server_->Reload();
    }
    // Now and then long enough for the files to be found by themselves, whole or not.
    absl::SleepFor(absl::Milliseconds(renewal % 100 == 0 ? 2'500 : 5));
  }
  done = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(failed, 0) << "of " << calls;
  EXPECT_THAT(HttpGet("/readyz"), HasSubstr(" 200 "));
  EXPECT_GT(calls, 100);
}

}  // namespace
}  // namespace wonbon
