// wonbon: the command line client.
#include <iostream>

#include "client/command/run.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  return wonbon::client::RunWonbon(std::vector<std::string>(argv + 1, argv + argc), std::cout,
                                   std::cerr);
}
