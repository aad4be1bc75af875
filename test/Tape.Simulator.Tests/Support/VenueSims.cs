using Tape.Simulator.Bybit;
using Tape.Simulator.Faults;
using Tape.Simulator.Okx;

namespace Tape.Simulator.Tests.Support;

/// <summary>Starts simulators of the further venues.</summary>
internal static class VenueSims
{
    public static Task<BybitSimulator> BybitAsync(string faults = "", double rate = 500) =>
        StartAsync(new BybitSimulatorOptions { FramesPerSecond = rate, Faults = FaultScript.Parse(faults) });

    public static Task<BybitSimulator> StartAsync(BybitSimulatorOptions options) =>
        BybitSimulator.StartAsync(options, TimeProvider.System, CancellationToken.None);

    public static Task<OkxSimulator> OkxAsync(string faults = "", double rate = 500) =>
        StartAsync(new OkxSimulatorOptions { FramesPerSecond = rate, ConnectsMax = 100, Faults = FaultScript.Parse(faults) });

    public static Task<OkxSimulator> StartAsync(OkxSimulatorOptions options) => OkxSimulator.StartAsync(options, TimeProvider.System, CancellationToken.None);
}
