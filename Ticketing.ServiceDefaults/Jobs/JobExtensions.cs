using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace Ticketing.ServiceDefaults;

/// <summary>Work that repeats, by Quartz.</summary>
public static class JobExtensions
{
    /// <summary>
    /// Runs a job again and again in this process, from its start until it stops. A run that fails is logged by Quartz and counted
    /// (<see cref="BackgroundWork"/>); the next one comes at its time.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="interval">From one start to the next. A run that takes longer is not overtaken if the job is
    /// marked with <see cref="DisallowConcurrentExecutionAttribute"/>.</param>
    /// <typeparam name="TJob">The job, made anew for each run.</typeparam>
    public static IHostApplicationBuilder AddJob<TJob>(this IHostApplicationBuilder builder, TimeSpan interval)
        where TJob : class, IJob
    {
        if (!builder.Services.Any(service => service.ServiceType == typeof(FailureCounter)))
        {
            builder.Services.AddSingleton<FailureCounter>();
            builder.Services.AddQuartz(quartz => quartz.AddJobListener(services => services.GetRequiredService<FailureCounter>()));
        }
        builder.Services.AddQuartz(quartz => quartz.ScheduleJob<TJob>(trigger => trigger
            .WithIdentity(typeof(TJob).Name)
            .StartNow()
            // A run that was missed is not made up for: the next one does its work.
            .WithSimpleSchedule(schedule => schedule
                .WithInterval(interval)
                .RepeatForever()
                .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount))));
        builder.Services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        return builder;
    }

    private sealed class FailureCounter : IJobListener
    {
        public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken)
        {
            if (jobException is not null)
                BackgroundWork.Count(context.JobInstance.GetType().Name);
            return ValueTask.CompletedTask;
        }
    }
}
