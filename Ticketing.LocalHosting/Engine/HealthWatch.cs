namespace Ticketing.LocalHosting.Engine;

/// <summary>
/// Asks a process again and again how it is, until it ends. That it stopped answering is shown within 2 s; an answer that
/// comes later than that still counts.
/// </summary>
internal sealed class HealthWatch(Task exited, Func<CancellationToken, Task<ResourceHealth>> probe, Action<ResourceHealth> show)
{
    private static readonly TimeSpan PauseWhileUnhealthy = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan PauseWhileServing = TimeSpan.FromSeconds(0.8);
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(0.8);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!exited.IsCompleted)
        {
            var health = await AskAsync(stopping);
            if (exited.IsCompleted)
                return;
            show(health);
            var pause = health == ResourceHealth.Unhealthy ? PauseWhileUnhealthy : PauseWhileServing;
            await Task.WhenAny(exited, Task.Delay(pause, stopping));
            stopping.ThrowIfCancellationRequested();
        }
    }

    private async Task<ResourceHealth> AskAsync(CancellationToken stopping)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        timeout.CancelAfter(ProbeTimeout);
        var answer = AnswerAsync(timeout.Token, stopping);
        if (await Task.WhenAny(answer, exited, Task.Delay(Prompt, timeout.Token)) != answer
            && !exited.IsCompleted && !stopping.IsCancellationRequested)
            show(ResourceHealth.Unhealthy);
        if (await Task.WhenAny(answer, exited) != answer)
            await timeout.CancelAsync();
        return await answer;
    }

    private async Task<ResourceHealth> AnswerAsync(CancellationToken cancellationToken, CancellationToken stopping)
    {
        try
        {
            return await probe(cancellationToken);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return ResourceHealth.Unhealthy;
        }
    }
}
