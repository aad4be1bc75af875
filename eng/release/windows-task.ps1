# Runs the recorder and its server (http://127.0.0.1:8640) with Windows, without anyone logged in, and starts it again when it ends.
# In a PowerShell opened as administrator, in this folder, after 'tape.exe init':
#   powershell -ExecutionPolicy Bypass -File windows-task.ps1
# Look at it:   Get-ScheduledTask tape
# Stop it:      Stop-ScheduledTask tape      (ends the supervisor, and its two processes with it, in order)
# Remove it:    Unregister-ScheduledTask tape

$folder = Split-Path -Parent $MyInvocation.MyCommand.Path
if (-not (Test-Path "$folder\tape.yaml")) { throw "There is no tape.yaml in $folder. Run 'tape.exe init' first." }

$action = New-ScheduledTaskAction -Execute "$folder\tape.exe" -Argument 'up --config tape.yaml --plain' -WorkingDirectory $folder
$trigger = New-ScheduledTaskTrigger -AtStartup
$settings = New-ScheduledTaskSettingsSet -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1) `
  -ExecutionTimeLimit ([TimeSpan]::Zero) -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -MultipleInstances IgnoreNew
$principal = New-ScheduledTaskPrincipal -UserId 'NT AUTHORITY\LOCAL SERVICE' -LogonType ServiceAccount
# LOCAL SERVICE must be able to write the vault.
icacls $folder /grant '*S-1-5-19:(OI)(CI)M' | Out-Null
Register-ScheduledTask -TaskName 'tape' -Action $action -Trigger $trigger -Settings $settings -Principal $principal -Force | Out-Null
Start-ScheduledTask -TaskName 'tape'
Get-ScheduledTask -TaskName 'tape'
