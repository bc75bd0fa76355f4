using System.Diagnostics;
using System.Text;

namespace Ticketing.Reliability;

/// <summary>The broker's own command line, in the environment of the running broker: its node's name, ports and cookie.</summary>
internal static class Rabbitmqctl
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmqctl";

    /// <summary>Evaluates an Erlang expression in the broker.</summary>
    public static Task EvalAsync(FaultContext context, string expression) =>
        EvalAsync(context.Platform.Host.ProcessesOf("rabbitmq")[0], expression);

    /// <inheritdoc cref="EvalAsync(FaultContext, string)"/>
    public static async Task EvalAsync(int pid, string expression)
    {
        var environment = Encoding.UTF8.GetString(await File.ReadAllBytesAsync($"/proc/{pid}/environ"));
        var start = new ProcessStartInfo(Program, ["eval", expression]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in environment.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = variable.Split('=', 2) is [var left, var right] ? (left, right) : (variable, "");
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"rabbitmqctl eval failed: {await said}{complained}");
    }
}
