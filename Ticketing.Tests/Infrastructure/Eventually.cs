using System.Diagnostics;
using Shouldly;

namespace Ticketing.Tests.Infrastructure;

/// <summary>Waits for what other processes or threads bring about, by looking again and again.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the condition holds; fails with its name if it does not in time.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            (watch.Elapsed < (patience ?? Patience)).ShouldBeTrue($"Waited in vain until {what}.");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Waits until the value is as expected, and shows the last one if it never is.</summary>
    public static async Task BecomesAsync<T>(Func<Task<T>> value, T expected, TimeSpan? patience = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var actual = await value();
            if (Equals(actual, expected))
                return;
            if (watch.Elapsed > (patience ?? Patience))
                actual.ShouldBe(expected);
            await Task.Delay(Pause);
        }
    }
}
