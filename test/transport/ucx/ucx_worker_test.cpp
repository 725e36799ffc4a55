#include "transport/ucx/ucx_worker.hpp"

#include "transport/ucx/ucx_test_pair.hpp"

namespace buddy::transport {
namespace {

// An engine process makes workers on its control thread, and lets others progress them.
TEST(UcxWorker, may_be_handed_from_thread_to_thread) {
  const auto worker = UcxWorker::create();
  ASSERT_TRUE(worker.ok()) << worker.status().message();
  ucp_worker_attr_t attributes{};
  attributes.field_mask = UCP_WORKER_ATTR_FIELD_THREAD_MODE;
  ASSERT_EQ(ucp_worker_query(worker.value()->get(), &attributes), UCS_OK);
  EXPECT_GE(attributes.thread_mode, UCS_THREAD_MODE_SERIALIZED);
}

}  // namespace
}  // namespace buddy::transport
