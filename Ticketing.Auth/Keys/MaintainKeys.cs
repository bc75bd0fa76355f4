using Quartz;

namespace Ticketing.Auth.Keys;

/// <summary>Looks after the keys from time to time.</summary>
[DisallowConcurrentExecution]
internal sealed class MaintainKeys(SigningKeys keys) : IJob
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await keys.MaintainAsync(cancellationToken);
}
