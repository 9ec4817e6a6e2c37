# The client library of wonbon as it is installed: what it links, then the library itself.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(absl)
find_dependency(Protobuf)
find_dependency(gRPC CONFIG)
include(${CMAKE_CURRENT_LIST_DIR}/wonbon_clientTargets.cmake)
