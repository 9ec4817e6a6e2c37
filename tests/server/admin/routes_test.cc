#include "server/admin/routes.h"

#include <gtest/gtest.h>

#include "server/limits.h"

namespace wonbon::server {
namespace {

class AdminRoutesTest : public testing::Test {
 protected:
  AdminRoutesTest() {
    const auto echo = [this](const AdminRequest& request) {
      seen_ = request;
      return AdminReply{.body = "ok\n"};
    };
    routes_.Add("GET", "/things", echo);
    routes_.Add("POST", "/things", echo);
    routes_.Add("POST", "/only-post", echo);
  }

  int StatusOf(std::string_view method, std::string_view target) {
    return routes_.Answer(method, target, "").status;
  }

  AdminRoutes routes_;
  AdminRequest seen_;
};

TEST_F(AdminRoutesTest, ARequestArrivesTakenApart) {
  const AdminReply reply =
      routes_.Answer("POST", "/things?name=%ED%95%9C%EA%B8%80+%26&empty=&bare", "body");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(seen_.method, "POST");
  EXPECT_EQ(seen_.path, "/things");
  EXPECT_EQ(seen_.body, "body");
  EXPECT_EQ(seen_.query, (std::map<std::string, std::string, std::less<>>{
                             {"name", "한글 &"}, {"empty", ""}, {"bare", ""}}));
}

TEST_F(AdminRoutesTest, HeadIsAnsweredWhereGetIs) {
  EXPECT_EQ(StatusOf("HEAD", "/things"), 200);
  EXPECT_EQ(StatusOf("HEAD", "/only-post"), 405);
}

TEST_F(AdminRoutesTest, AMethodThatIsNotThereSaysWhichAre) {
  AdminReply reply = routes_.Answer("DELETE", "/things", "");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.allow, "GET, HEAD, POST");
  reply = routes_.Answer("GET", "/only-post", "");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.allow, "POST");
}

TEST_F(AdminRoutesTest, AnUnknownPathIsNotFound) {
  EXPECT_EQ(StatusOf("GET", "/"), 404);
  EXPECT_EQ(StatusOf("GET", "/things/"), 404);
  EXPECT_EQ(StatusOf("DELETE", "/nothing"), 404);
}

TEST_F(AdminRoutesTest, ATargetThatCannotBeReadIsABadRequest) {
  for (const char* target : {"", "things", "*", "http://host/things", "/things?a=%", "/things?a=%4",
                             "/things?a=%zz", "/things?a=1&a=2"}) {
    EXPECT_EQ(StatusOf("GET", target), 400) << target;
  }
  std::string many = "/things?";
  for (size_t i = 0; i <= kMaxAdminQueryParameters; ++i) many += "p" + std::to_string(i) + "=1&";
  EXPECT_EQ(StatusOf("GET", many), 400);
}

}  // namespace
}  // namespace wonbon::server
