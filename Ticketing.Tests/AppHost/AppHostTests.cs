using Shouldly;
using Ticketing.AppHost.Processes;
using Ticketing.Reliability;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.AppHost;

/// <summary>The command that people run, from its start to its end.</summary>
[Collection(typeof(WholePlatforms))]
public sealed class AppHostTests : IDisposable
{
    // Not there yet: the AppHost makes it so that the servers' users can pass through.
    private readonly string data = Path.Combine(Path.GetTempPath(), $"ticketing-apphost-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task The_platform_starts_and_leaves_nothing_behind_however_it_ends()
    {
        var secret = new Dictionary<string, string> { ["Parameters__sandbox_webhook_secret"] = "whsec_of_the_apphost", ["Parameters__hold_seconds"] = "7" };
        using var first = await AppHostProcess.StartAsync(data, secret, TestContext.Current.CancellationToken);
        var processes = first.Processes();
        ShouldInclude(processes, "Ticketing.Orders", "postgres", "redis-server", "beam.smp", "epmd", "dcp");
        EnvironmentOf(processes, "Ticketing.Orders").ShouldContain("Orders__HoldSeconds=7");
        EnvironmentOf(processes, "Ticketing.Orders").ShouldNotContain(variable =>
            variable.StartsWith("Parameters__", StringComparison.Ordinal) || variable.Contains("whsec_of_the_apphost", StringComparison.Ordinal));
        ShouldHoldNoSecret(first.Output);

        // It has no chance to stop anything. Who starts it again at once, with the same data and passwords on other ports, gets
        // it: its servers wait until those of the killed one have left the data.
        await first.EndAsync(Signal.Kill);
        using var next = await AppHostProcess.StartAsync(data, secret, TestContext.Current.CancellationToken);
        processes.ShouldAllBe(process => !process.IsAlive);
        await Purchase.MakeAsync(next.Site, TestContext.Current.CancellationToken);
        processes = next.Processes();

        (await next.EndAsync(Signal.Terminate)).ShouldBe(0);

        processes.ShouldAllBe(process => !process.IsAlive);
        ShouldHoldNoSecret(next.Output);
    }

    [Theory]
    [InlineData("Parameters__web_port", "--Parameters:web_port=99999")]
    [InlineData("Parameters__orders_replicas", "--Parameters:orders_replicas=some")]
    [InlineData("Parameters__servers", "--Parameters:servers=pigeons")]
    [InlineData("Parameters__data_dir", "--Parameters:data_dir=/proc/nowhere")]
    public async Task What_cannot_be_is_one_message_that_names_the_setting(string setting, string argument)
    {
        var (exitCode, output) = await AppHostProcess.RunAsync(data, argument);

        exitCode.ShouldBe(1);
        output.ShouldContain(setting);
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_second_AppHost_on_the_same_data_is_refused_in_words()
    {
        using var first = Ticketing.AppHost.DataDirectory.Open(data);

        var (exitCode, output) = await AppHostProcess.RunAsync(data);

        exitCode.ShouldBe(1);
        output.ShouldContain($"process {Environment.ProcessId}");
        output.ShouldContain("Parameters__data_dir");
    }

    private void ShouldHoldNoSecret(IEnumerable<string> output)
    {
        var secrets = Directory.EnumerateFiles(Path.Combine(data, "secrets")).Select(File.ReadAllText).ToList();
        secrets.Count.ShouldBe(10, "one for each server and database, two for the dashboard, and the sandbox's key; its webhook secret was given");
        output.ShouldAllBe(line => !secrets.Exists(line.Contains));
    }

    private static void ShouldInclude(IReadOnlyList<ProcessIdentity> processes, params string[] programs)
    {
        foreach (var program in programs)
            processes.ShouldContain(process => process.Program == program, program);
    }

    private static string[] EnvironmentOf(IReadOnlyList<ProcessIdentity> processes, string program) =>
        File.ReadAllText($"/proc/{processes.First(process => process.Program == program).Pid}/environ").Split('\0');
}
