update millrace.segment set roll_early = true where segment = :segment and state = 'open'
