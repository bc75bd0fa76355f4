using Ticketing.LocalHosting.Dashboard.Access;
using Ticketing.LocalHosting.Dashboard.Store;
using Ticketing.LocalHosting.Engine;

namespace Ticketing.LocalHosting.Dashboard;

/// <summary>What the dashboard shows, and who may see it.</summary>
internal sealed record DashboardContext(
    ApplicationRunner Runner, ConsoleHistory Console, TelemetryStore Telemetry, LoginToken Token, OtlpAddresses Otlp);

/// <summary>Where telemetry is received, and what its senders must know.</summary>
internal sealed record OtlpAddresses(int GrpcPort, int HttpPort, string Key)
{
    public string Grpc => $"http://localhost:{GrpcPort}";

    public string Http => $"http://localhost:{HttpPort}";

    public TelemetryTarget Target => new(new Uri($"http://127.0.0.1:{HttpPort}"), Key);
}
