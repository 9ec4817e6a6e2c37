// Every rpc of the contract × every role × own and other collections: who is let in, and how the
// others are turned away. The rpcs come from the descriptors of the services; what each should ask
// for is written here a second time, and one without a row fails.
//
// Each cell is asked twice, by gRPC and by HTTP, and both must say the same.
//
// usage: access_matrix ENDPOINT HTTP_ADDRESS FOLDER [tls]
//   FOLDER: ROLE.key for each role, for collections "own*"; root.key, of an admin of all; with tls
//   ca.pem, and ROLE.pem and ROLE-key.pem, certificates that are shown instead of the ROLE.key
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <future>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "tests/access/http_call.h"
#include "wonbon/v1/admin_service.pb.h"
#include "wonbon/v1/collection_service.pb.h"
#include "wonbon/v1/dedup_service.pb.h"

namespace {

using google::protobuf::Descriptor;
using wonbon::Answer;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
namespace v1 = wonbon::v1;

const std::vector<std::string> kRoles = {"reader", "writer", "editor", "admin"};

// The least role of each rpc.
const std::map<std::string, std::string> kNeeds = {
    {"Submit", "writer"},
    {"SubmitBatch", "writer"},
    {"SubmitStream", "writer"},
    {"Check", "reader"},
    {"Compare", "reader"},
    {"GetDocument", "reader"},
    {"DeleteDocument", "writer"},
    {"BatchGetDocuments", "reader"},
    {"BatchDeleteDocuments", "writer"},
    {"UnblockDocument", "editor"},
    {"ListDocuments", "reader"},
    {"ListTombstones", "reader"},
    {"GetCluster", "reader"},
    {"ListClusters", "reader"},
    {"ListClusterDocuments", "reader"},
    {"PinCanonical", "editor"},
    {"MergeClusters", "editor"},
    {"SplitCluster", "editor"},
    {"WatchClusters", "reader"},
    {"CreateCollection", "admin"},
    {"GetCollection", "reader"},
    {"ListCollections", "reader"},
    {"UpdateCollection", "admin"},
    {"DeleteCollection", "admin"},
    {"GetStats", "reader"},
    {"CreateBackup", "admin"},
    {"ListBackups", "admin"},
    {"VerifyBackup", "admin"},
    {"SetReadOnly", "admin"},
    {"ListSlowCalls", "admin"},
    {"GetConfiguration", "admin"},
};

// Those that are about all collections: a key of some may call none, whatever its role.
const std::set<std::string> kOfAllCollections = {
    "CreateBackup", "ListBackups",   "VerifyBackup",
    "SetReadOnly",  "ListSlowCalls", "GetConfiguration"};

size_t Rank(const std::string& role) {
  return static_cast<size_t>(std::find(kRoles.begin(), kRoles.end(), role) - kRoles.begin());
}

// Puts `collection` wherever the request names one; false where it names none.
bool SetCollection(Message& request, const std::string& collection) {
  const Descriptor& type = *request.GetDescriptor();
  if (type.name() == "SubmitStreamRequest") {
    const FieldDescriptor* field = type.FindFieldByName("document");
    return SetCollection(*request.GetReflection()->MutableMessage(&request, field), collection);
  }
  const bool of_collections = type.file() == v1::GetCollectionRequest::descriptor()->file();
  const FieldDescriptor* field = type.FindFieldByName(of_collections ? "name" : "collection");
  if (field == nullptr) return false;
  request.GetReflection()->SetString(&request, field, collection);
  return true;
}

Answer AnswerOf(int code, const std::string& message, const google::rpc::Status& details) {
  Answer answer{code, "", message};
  for (const auto& any : details.details()) {
    google::rpc::ErrorInfo info;
    if (any.UnpackTo(&info)) answer.reason = info.reason();
  }
  return answer;
}

struct Caller {
  std::string name;
  std::string role;  // empty: nobody
  std::string key;   // shown if not empty
  bool sees_all = false;
  std::shared_ptr<grpc::Channel> channel;
  wonbon::HttpTarget http;
};

// One message, and the first answer to it: of a stream of answers as well.
Answer Call(const Caller& caller, const MethodDescriptor& method, const std::string& bytes) {
  grpc::GenericStub stub(caller.channel);
  grpc::ClientContext context;
  const bool endless = method.name() == "WatchClusters";
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(endless ? 400 : 10'000));
  if (!caller.key.empty()) context.AddMetadata("authorization", "Bearer " + caller.key);
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  std::promise<grpc::Status> ended;
  stub.UnaryCall(&context, "/" + method.service()->full_name() + "/" + method.name(), {}, &request,
                 &response, [&ended](grpc::Status status) { ended.set_value(std::move(status)); });
  const grpc::Status status = ended.get_future().get();
  if (endless && status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) return {};
  if (status.ok() && method.name() == "SubmitStream") {
    grpc::Slice whole;
    v1::SubmitStreamResponse stream;
    if (response.DumpToSingleSlice(&whole).ok() &&
        stream.ParseFromArray(whole.begin(), static_cast<int>(whole.size())) &&
        stream.results_size() > 0) {
      const google::rpc::Status& error = stream.results(0).error();
      return AnswerOf(error.code(), error.message(), error);
    }
  }
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  return AnswerOf(status.error_code(), status.error_message(), details);
}

// The same by HTTP.
Answer CallByHttp(const Caller& caller, const MethodDescriptor& method, const std::string& json,
                  const std::string& collection) {
  const std::string path = "/" + method.service()->full_name() + "/" + method.name();
  if (method.server_streaming()) {
    return wonbon::WatchByHttp(caller.http, path, caller.key, collection);
  }
  return wonbon::CallByHttp(caller.http, path, caller.key, json);
}

int cells = 0;
int wrong = 0;

void Expect(const Caller& caller, const MethodDescriptor& method, const std::string& what,
            const Answer& got, int code, const std::string& reason) {
  ++cells;
  const bool refused = got.code < 0 || got.code == grpc::StatusCode::UNAUTHENTICATED ||
                       got.code == grpc::StatusCode::PERMISSION_DENIED ||
                       got.code == grpc::StatusCode::UNIMPLEMENTED ||
                       got.code == grpc::StatusCode::UNAVAILABLE ||
                       got.code == grpc::StatusCode::DEADLINE_EXCEEDED;
  const bool right = code == 0 ? !refused : got.code == code && got.reason == reason;
  if (right) return;
  ++wrong;
  std::fprintf(stderr, "%s as %s, %s: got %d %s (%s), expected %s\n", method.full_name().c_str(),
               caller.name.c_str(), what.c_str(), got.code, got.reason.c_str(),
               got.message.c_str(), code == 0 ? "to be let in" : reason.c_str());
}

void TryRpc(const MethodDescriptor& method, const std::string& least, const Caller& caller) {
  const std::unique_ptr<Message> request(
      MessageFactory::generated_factory()->GetPrototype(method.input_type())->New());
  for (const std::string collection : {"own", "other", "nowhere", "../..", "<script>"}) {
    const bool names = SetCollection(*request, collection);
    if (!names && collection != "own") continue;
    int code = 0;
    std::string reason;
    if (caller.role.empty()) {
      code = grpc::StatusCode::UNAUTHENTICATED;
      reason = caller.key.empty() ? "KEY_MISSING" : "KEY_UNKNOWN";
    } else if (Rank(caller.role) < Rank(least)) {
      code = grpc::StatusCode::PERMISSION_DENIED;
      reason = "ROLE_TOO_LOW";
    } else if (!caller.sees_all &&
               (collection != "own" || kOfAllCollections.contains(method.name()))) {
      code = grpc::StatusCode::PERMISSION_DENIED;
      reason = "COLLECTION_NOT_ALLOWED";
    }
    const std::string what = names ? collection : "no collection";
    const Answer got = Call(caller, method, request->SerializeAsString());
    Expect(caller, method, what, got, code, reason);
    if (got.message.find("<script>") != std::string::npos) ++wrong;
    const bool by_http = !method.client_streaming();
    if (by_http) {
      const Answer same = CallByHttp(caller, method, wonbon::JsonOf(*request), collection);
      Expect(caller, method, what + ", by HTTP", same, code, reason);
      if (code != 0 && got.message != same.message) ++wrong;
    }
    // Who is not let in is told so before a byte of the request is looked at.
    const bool before = reason != "COLLECTION_NOT_ALLOWED" || !names;
    if (code != 0 && before && collection == "own") {
      Expect(caller, method, "no message", Call(caller, method, "\xff\xff\xff"), code, reason);
      if (by_http) {
        Expect(caller, method, "no JSON", CallByHttp(caller, method, "\xff", "own"), code, reason);
      }
    }
  }
}

std::string Contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string KeyIn(const std::string& path) {
  std::string key;
  std::ifstream(path) >> key;
  return key;
}

struct Addresses {
  std::string grpc;
  std::string http;
};

Caller CallerOf(const Addresses& addresses, const std::string& folder, bool tls,
                const std::string& role) {
  Caller caller{role.empty() ? "nobody" : role, role, "", false, nullptr, {addresses.http}};
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (tls) {
    const std::string file = folder + "/" + (role.empty() ? "unknown" : role);
    caller.http = {addresses.http, Contents(folder + "/ca.pem"), Contents(file + ".pem"),
                   Contents(file + "-key.pem")};
    credentials =
        grpc::SslCredentials({caller.http.ca, caller.http.key, caller.http.certificate});
  } else if (!role.empty()) {
    caller.key = KeyIn(folder + "/" + role + ".key");
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  caller.channel = grpc::CreateCustomChannel(addresses.grpc, credentials, arguments);
  return caller;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: access_matrix ENDPOINT HTTP_ADDRESS FOLDER [tls]\n");
    return 2;
  }
  const Addresses at{argv[1], argv[2]};
  const std::string folder = argv[3];
  const bool tls = argc > 4;
  std::vector<Caller> callers = {CallerOf(at, folder, tls, "")};
  for (const std::string& role : kRoles) callers.push_back(CallerOf(at, folder, tls, role));
  callers.push_back(callers.front());
  callers.back().name = "somebody with a wrong key";
  callers.back().key = "wonbon_" + std::string(43, 'A');
  // An admin of all collections, for what no other may do.
  Caller root = CallerOf(at, folder, tls, "admin");
  root.name = "root";
  root.key = KeyIn(folder + "/root.key");
  root.sees_all = true;
  size_t rpcs = 0;
  for (const Descriptor* message :
       {v1::GetDocumentRequest::descriptor(), v1::GetCollectionRequest::descriptor(),
        v1::GetStatsRequest::descriptor()}) {
    const google::protobuf::ServiceDescriptor& service = *message->file()->service(0);
    for (int i = 0; i < service.method_count(); ++i, ++rpcs) {
      const auto found = kNeeds.find(service.method(i)->name());
      if (found == kNeeds.end()) {
        std::fprintf(stderr, "%s has no row\n", service.method(i)->full_name().c_str());
        return 1;
      }
      for (const Caller& caller : callers) TryRpc(*service.method(i), found->second, caller);
      if (!kOfAllCollections.contains(found->first)) continue;
      TryRpc(*service.method(i), found->second, root);
    }
  }
  // A token of 10 MB gets nowhere, and harms nobody.
  Caller endless = CallerOf(at, folder, tls, "");
  endless.key = std::string(10 << 20, 'A');
  const MethodDescriptor& stats =
      *v1::GetStatsRequest::descriptor()->file()->service(0)->FindMethodByName("GetStats");
  if (Call(endless, stats, "").code == 0) ++wrong;
  if (CallByHttp(endless, stats, "{}", "").code == 0) ++wrong;
  const Caller& reader = callers[1];
  Expect(reader, stats, "beside a token of 10 MB", Call(reader, stats, ""), 0, "");
  std::printf("%zu rpcs, %d cells, %d wrong\n", rpcs, cells, wrong);
  return wrong == 0 && rpcs == kNeeds.size() ? 0 : 1;
}
