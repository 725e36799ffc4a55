#include "transport/ucx/ucx_context.hpp"

#include <cstdlib>
#include <mutex>
#include <string_view>

namespace buddy::transport {
namespace {

/// Packets of 128 KiB and UCX's own headers arrive in one piece.
constexpr const char* receive_segment = "136k";

bool user_set(const char* variable) { return std::getenv(variable) != nullptr; }

/// Whether the user's choice of transports leaves TCP in. UCX warns of settings that nobody reads.
bool uses_tcp() {
  const char* chosen = std::getenv("UCX_TLS");
  if (chosen == nullptr) return true;
  const std::string_view list = chosen;
  const bool named = list.find("tcp") != list.npos || list.find("all") != list.npos;
  return list.starts_with('^') ? !named : named;
}

/// Settings of a transport lost their prefix before UCX 1.17, when set by program.
const char* receive_segment_name() {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  ucp_get_version(&major, &minor, &release);
  return major == 1 && minor < 17 ? "RX_SEG_SIZE" : "TCP_RX_SEG_SIZE";
}

void set_defaults(ucp_config_t* config) {
  // Neither setting is needed to work, so a UCX that does not know one of them is no error.
  if (!user_set("UCX_TLS")) (void)ucp_config_modify(config, "TLS", "^sm");
  if (!user_set("UCX_TCP_RX_SEG_SIZE") && uses_tcp()) {
    (void)ucp_config_modify(config, receive_segment_name(), receive_segment);
  }
}

Result<ucp_context_h> make_context() {
  const std::string problem = "cannot start the network library UCX";
  ucp_config_t* config = nullptr;
  if (const ucs_status_t status = ucp_config_read(nullptr, nullptr, &config); status != UCS_OK) {
    return ucx_error(status, problem, "check the environment variables UCX_...");
  }
  set_defaults(config);
  ucp_params_t params{};
  params.field_mask =
      UCP_PARAM_FIELD_FEATURES | UCP_PARAM_FIELD_MT_WORKERS_SHARED | UCP_PARAM_FIELD_NAME;
  params.features = UCP_FEATURE_AM | UCP_FEATURE_WAKEUP;
  params.mt_workers_shared = 1;
  params.name = "buddy";
  ucp_context_h context = nullptr;
  const ucs_status_t status = ucp_init(&params, config, &context);
  ucp_config_release(config);
  if (status != UCS_OK) {
    return ucx_error(status, problem, "check UCX_TLS and UCX_NET_DEVICES, or run without them");
  }
  return context;
}

}  // namespace

Status ucx_error(ucs_status_t status, const std::string& problem, const std::string& advice) {
  const ErrorCode code = status == UCS_ERR_NO_MEMORY ? ErrorCode::no_memory : ErrorCode::system;
  return {code, problem + " (" + ucs_status_string(status) + ") " + advice};
}

Result<std::shared_ptr<UcxContext>> UcxContext::shared() {
  static std::mutex mutex;
  static std::weak_ptr<UcxContext> current;
  const std::lock_guard lock(mutex);
  if (auto context = current.lock()) return context;
  const auto made = make_context();
  if (!made.ok()) return made.status();
  const std::shared_ptr<UcxContext> context(new UcxContext(made.value()));
  current = context;
  return context;
}

}  // namespace buddy::transport
