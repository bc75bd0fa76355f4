using System.Diagnostics;
using Xunit;

namespace Ticketing.Tests.Infrastructure;

/// <summary><c>rabbitmqctl</c>, as the broker's own user would run it.</summary>
internal static class RabbitMQControl
{
    /// <summary>Runs a command, which must succeed, and gives what it says.</summary>
    public static async Task<string> RunAsync(TestServer rabbit, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/lib/rabbitmq/bin/rabbitmqctl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var environment = await File.ReadAllTextAsync($"/proc/{rabbit.ProcessId}/environ");
        foreach (var variable in environment.Split('\0', StringSplitOptions.RemoveEmptyEntries))
            start.Environment[variable[..variable.IndexOf('=')]] = variable[(variable.IndexOf('=') + 1)..];
        using var control = Process.Start(start)!;
        var errors = control.StandardError.ReadToEndAsync();
        var said = await control.StandardOutput.ReadToEndAsync();
        await control.WaitForExitAsync();
        Assert.True(control.ExitCode == 0, said + await errors);
        return said;
    }
}
