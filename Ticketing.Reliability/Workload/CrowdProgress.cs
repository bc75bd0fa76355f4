using Spectre.Console;

namespace Ticketing.Reliability;

/// <summary>Shows how much is over of the time for which a crowd buys.</summary>
internal static class CrowdProgress
{
    /// <param name="time">How long they buy.</param>
    /// <param name="interval">How often something is done meanwhile.</param>
    /// <param name="meanwhile">What.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task ShowAsync(TimeSpan time, TimeSpan interval, Func<CancellationToken, Task> meanwhile, CancellationToken cancellationToken) =>
        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
        {
            var start = TimeProvider.System.GetTimestamp();
            var task = progress.AddTask("The crowd buys", maxValue: time.TotalSeconds);
            while (!task.IsFinished)
            {
                await meanwhile(cancellationToken);
                await Task.Delay(interval, cancellationToken);
                task.Value = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            }
        });
}
