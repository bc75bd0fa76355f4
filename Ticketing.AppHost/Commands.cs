using Microsoft.Extensions.DependencyInjection;
using Ticketing.AppHost.Supervision;

#pragma warning disable ASPIREPROCESSCOMMAND001 // Aspire may still change how a command runs a process; it saves the code that would do it here.

namespace Ticketing.AppHost;

/// <summary>What operators do now and then, as commands of the dashboard: <c>dotnet aspire resource orders republish</c>.</summary>
internal static class Commands
{
    private static readonly ProcessCommandOptions Republish = new()
    {
        Description = "Tells the other services everything that this service owns once more, e.g. after a restore. Versions make it harmless to those that know it all.",
        ConfirmationMessage = "Publish the whole state of this service again?",
        IconName = "ArrowRepeatAll",
    };

    private static readonly ProcessCommandOptions RequeueErrors = new()
    {
        Description = "Puts the messages of this service's error queues back, so that they are tried again.",
        ConfirmationMessage = "Try the messages of the error queues again?",
        IconName = "MailArrowUp",
    };

    private static readonly ProcessCommandOptions Check = new()
    {
        Description = "Reads every database, Redis, the broker's queues and the sandbox's books, and names what does not hold. Nobody should be buying meanwhile.",
        IconName = "ShieldCheckmark",
        MaxOutputLineCount = 200,
    };

    /// <summary>Adds the command that publishes the whole state of a service again.</summary>
    public static IResourceBuilder<ProjectResource> WithRepublishCommand(this IResourceBuilder<ProjectResource> service) =>
        service.WithProcessCommand("republish", "Publish state again", context => OfService(service, context, "--republish"), Republish);

    /// <summary>Adds the command that puts messages of a service's error queues back.</summary>
    public static IResourceBuilder<ProjectResource> WithRequeueErrorsCommand(this IResourceBuilder<ProjectResource> service) =>
        service.WithProcessCommand("requeue-errors", "Put back error queues", context => OfService(service, context, "--requeue-errors"), RequeueErrors);

    /// <summary>Adds the command that checks every invariant of the platform, by the program that the fault suite judges with.</summary>
    /// <param name="web">The site.</param>
    /// <param name="payments">The service that knows the sandbox.</param>
    /// <param name="servers">The servers, each with the superuser's connection string.</param>
    public static IResourceBuilder<ProjectResource> WithCheckCommand(
        this IResourceBuilder<ProjectResource> web, IResourceBuilder<ProjectResource> payments, params IResourceBuilder<IResourceWithConnectionString>[] servers) =>
        web.WithProcessCommand("check", "Check every invariant", async context =>
        {
            var environment = EnvironmentOf(context.Services, payments.Resource.Name).Where(variable => variable.Key.StartsWith("Stripe__", StringComparison.Ordinal)).ToDictionary();
            foreach (var service in (IResourceBuilder<ProjectResource>[])[web, payments])
                environment[$"services__{service.Resource.Name}__http__0"] = (await service.GetEndpoint("http").GetValueAsync(context.CancellationToken))!;
            foreach (var server in servers)
                environment[$"ConnectionStrings__{server.Resource.Name}"] = (await server.Resource.GetConnectionStringAsync(context.CancellationToken))!;
            // The tool refers to the AppHost, so the AppHost cannot refer to the tool: it is built here if it is not there yet.
            return new ProcessCommandSpec("dotnet")
            {
                Arguments =
                [
                    "run", "--project", Path.GetFullPath("../Ticketing.Reliability", web.ApplicationBuilder.AppHostDirectory),
                    "--configuration", DirectStart.Configuration, "--", "check",
                ],
                EnvironmentVariables = environment,
            };
        }, Check);

    /// <summary>The service's own program with its own settings, and an argument that makes it do one thing and end.</summary>
    private static ProcessCommandSpec OfService(IResourceBuilder<ProjectResource> service, ExecuteCommandContext context, string argument)
    {
        var program = service.Resource.Annotations.OfType<ExecutableAnnotation>().Last();
        return new ProcessCommandSpec(program.Command)
        {
            WorkingDirectory = program.WorkingDirectory,
            Arguments = [argument],
            EnvironmentVariables = EnvironmentOf(context.Services, context.ResourceName),
        };
    }

    private static Dictionary<string, string> EnvironmentOf(IServiceProvider services, string resource) =>
        services.GetRequiredService<ResourceNotificationService>().TryGetCurrentState(resource, out var current)
            ? current.Snapshot.EnvironmentVariables.Where(variable => variable.Value is not null).ToDictionary(variable => variable.Name, variable => variable.Value!)
            : throw new DistributedApplicationException($"{resource} has not been started yet.");
}
