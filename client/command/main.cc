// wonbon: the command line client.
#include <cstdlib>
#include <iostream>

#include "client/command/run.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  // gRPC's own lines say less than ours. Who wants them sets the variable.
  ::setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  return wonbon::client::RunWonbon(std::vector<std::string>(argv + 1, argv + argc), std::cout,
                                   std::cerr);
}
